/*
 * As much Russian grammar as our own sentences need: adjectives that agree with nouns, numerals that govern them. ё is written
 * where it is spoken.
 */

export const cases = ['nominative', 'genitive', 'dative', 'accusative', 'instrumental', 'prepositional'] as const;
export type Case = (typeof cases)[number];
export type Gender = 'm' | 'f' | 'n';

export type Noun = {
  readonly gender: Gender;
  readonly isAnimate: boolean;
  readonly singular: readonly string[];
  /** Nominative and genitive. */
  readonly plural: readonly [string, string];
};

/** Rows of gender (`m f n`, `ma` and `fa` for people), six cases of the singular, nominative and genitive of the plural. */
export function nounsOf(table: string): Noun[] {
  return linesOf(table).map((line) => {
    const [kind, ...forms] = line.split(' ');
    if (forms.length !== 8) throw new Error(`a noun has eight forms: ${line}`);
    return {
      gender: kind![0] as Gender,
      isAnimate: kind!.endsWith('a'),
      singular: forms.slice(0, 6),
      plural: [forms[6]!, forms[7]!],
    };
  });
}

export function linesOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

/** What follows the stem in each case: after к, г, х; after щ, ш and in soft stems; else. */
const endings = {
  hard: { m: 'ый ого ому ый ым ом', f: 'ая ой ой ую ой ой', n: 'ое ого ому ое ым ом' },
  velar: { m: 'ий ого ому ий им ом', f: 'ая ой ой ую ой ой', n: 'ое ого ому ое им ом' },
  hushing: { m: 'ий его ему ий им ем', f: 'ая ей ей ую ей ей', n: 'ее его ему ее им ем' },
  soft: { m: 'ий его ему ий им ем', f: 'яя ей ей юю ей ей', n: 'ее его ему ее им ем' },
};

/** An adjective, given in the nominative masculine, in the form that goes with a noun in the singular. */
export function agree(
  adjective: string,
  { gender, isAnimate }: Pick<Noun, 'gender' | 'isAnimate'>,
  wanted: Case,
): string {
  const stem = adjective.slice(0, -2);
  const index = cases.indexOf(gender === 'm' && isAnimate && wanted === 'accusative' ? 'genitive' : wanted);
  const isAsGiven = gender === 'm' && (index === 0 || index === 3);
  return isAsGiven ? adjective : stem + endings[kindOf(adjective)][gender].split(' ')[index]!;
}

function kindOf(adjective: string): keyof typeof endings {
  const last = adjective.at(-3)!;
  if ('кгх'.includes(last)) return 'velar';
  if ('щшчж'.includes(last) && adjective.endsWith('ий')) return 'hushing';
  return adjective.endsWith('ий') ? 'soft' : 'hard';
}

/** The noun's form after a whole number: одна минута, две минуты, пять минут. */
export function formAfter(count: number, one: string, few: string, many: string): string {
  const isTeen = count % 100 >= 11 && count % 100 <= 14;
  const last = count % 10;
  if (isTeen || last === 0 || last >= 5) return many;
  return last === 1 ? one : few;
}
