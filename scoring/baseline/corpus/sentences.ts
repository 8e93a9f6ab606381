import { agree, type Case, cases } from '#scoring/baseline/corpus/declension.ts';
import { adjectives, nouns } from '#scoring/baseline/corpus/lexicon.ts';
import { numberKinds } from '#scoring/baseline/corpus/number-phrases.ts';
import { phrases } from '#scoring/baseline/corpus/phrases.ts';
import { templates } from '#scoring/baseline/corpus/templates.ts';
import { drawBelow, type RandomSource } from '#scoring/statistics/random.ts';

type Group = keyof typeof nouns;

const shortCases: Record<string, Case> = Object.fromEntries(cases.map((name) => [name.slice(0, 3), name]));

/**
 * A sentence of our grammar. A template's `(a|b|)` is one of its choices; `{thing.acc}` a noun of a group in a case, `{+thing.acc}`
 * often with an adjective that agrees, `{thing.all}` and `{thing.many}` its plural in the nominative and genitive; `{digit}`,
 * `{money}` … one of numberKinds; any other name in braces is one of `phrases`.
 */
export function sentence(random: RandomSource): string {
  const text = expand(templates[drawBelow(random, templates.length)]!, random);
  return vocalised(
    text
      .replace(/\s+/g, ' ')
      .replace(/ (?=[,.?])/g, '')
      .trim(),
  );
}

/** Prepositions before certain consonants, and «о» before vowels: со старшим, во внешний, ко второму, об ученике. */
function vocalised(text: string): string {
  const consonants = '[бвгджзклмнпрстфхцчшщ]';
  return text
    .replace(new RegExp(`(^| )с (?=[сзш]${consonants}|вт|вс)`, 'giu'), '$1со ')
    .replace(new RegExp(`(^| )в (?=[вф]${consonants})`, 'giu'), '$1во ')
    .replace(/(^| )к (?=вт|вс|мн)/giu, '$1ко ')
    .replace(/(^| )о (?=[аоуэи])/giu, '$1об ');
}

/** The words that sentences are made of, each alone in any of its forms. */
export function singleWord(random: RandomSource): string {
  const groups = Object.keys(nouns) as Group[];
  const group = groups[drawBelow(random, groups.length)]!;
  const kind = drawBelow(random, 10);
  if (kind < 6) return nounIn(group, Object.keys(shortCases)[kind]!, false, random);
  if (kind === 6) return nounIn(group, 'all', false, random);
  if (kind === 7) return nounIn(group, 'many', false, random);
  const words = sentence(random)
    .split(/[ ,.!?]+/)
    .filter((word) => word.length > 3);
  return words.length === 0 ? nounIn(group, 'nom', false, random) : words[drawBelow(random, words.length)]!;
}

function expand(template: string, random: RandomSource): string {
  let text = template;
  // Choices first, the innermost of them first; a phrase may hold more of both.
  for (let found = true; found; ) {
    found = false;
    text = text.replace(/\(([^()]*)\)|\{([^{}()|]+)\}/g, (_match, choices: string | undefined, slot: string) => {
      found = true;
      return choices === undefined ? fill(slot, random) : oneOf(choices.split('|'), random);
    });
  }
  return text;
}

function fill(slot: string, random: RandomSource): string {
  const number = numberKinds[slot];
  if (number !== undefined) return number(random);
  const [name, form] = slot.replace('+', '').split('.');
  if (form !== undefined) return nounIn(name as Group, form, slot.startsWith('+'), random);
  const list = phrases[name!];
  if (list === undefined) throw new Error(`no phrases called ${name}`);
  return oneOf(list, random);
}

function nounIn(group: Group, form: string, mayHaveAdjective: boolean, random: RandomSource): string {
  const noun = oneOf(nouns[group], random);
  if (form === 'all') return noun.plural[0];
  if (form === 'many') return noun.plural[1];
  const wanted = shortCases[form]!;
  const word = noun.singular[cases.indexOf(wanted)]!;
  if (!mayHaveAdjective || drawBelow(random, 3) === 0) return word;
  return `${agree(oneOf(adjectives[group], random), noun, wanted)} ${word}`;
}

function oneOf<Item>(items: readonly Item[], random: RandomSource): Item {
  return items[drawBelow(random, items.length)]!;
}
