import { createMapper, type Mapping } from './mapping.ts';
import { hasBracketed, likeWhisper } from './whisper.ts';

declare const tokensOf: unique symbol;

/** Words that went through a profile. Only `normalise` makes them, so that raw text cannot be scored. */
export type Words = readonly string[] & { readonly [tokensOf]: 'Words' };

/** The code points of normalised words. Only `charactersOf` makes them. */
export type Characters = Int32Array & { readonly [tokensOf]: 'Characters' };

/**
 * Named text rules, applied to both sides before scoring. `version` rises with any change that can move a score, and
 * SCORER_VERSION with it. Digits, symbols (\p{S}) and text in brackets are never removed, since what a system put out is scored;
 * but for `isLikeWhisper`, which does as Whisper's own scores were made.
 */
export type Profile = {
  readonly version: number;
  readonly foldsCase: boolean;
  /** Punctuation separates words, but for hyphens and apostrophes within a word and `.,:` between digits. */
  readonly dropsPunctuation: boolean;
  /** Stress marks (U+0300, U+0301) and soft hyphens vanish without splitting their word; й and ё keep theirs. */
  readonly dropsStress: boolean;
  readonly foldsYo: boolean;
  /**
   * Text in brackets is removed; compatibility forms are spelled out; every mark, symbol and punctuation character separates
   * words, stress marks and Hindi vowel signs among them; zero-width characters stay.
   */
  readonly isLikeWhisper: boolean;
};

const raw: Profile = {
  version: 1,
  foldsCase: false,
  dropsPunctuation: false,
  dropsStress: false,
  foldsYo: false,
  isLikeWhisper: false,
};
const ru: Profile = { ...raw, foldsCase: true, dropsPunctuation: true, dropsStress: true };

/**
 * `raw` is NFC and white space only, which every profile does; `ru-yo` reads ё as е; `en` leaves accents alone; `whisper-basic` is
 * Whisper's BasicTextNormalizer with its defaults, for figures that are to be compared with published ones.
 */
export const profiles = {
  raw,
  ru,
  'ru-yo': { ...ru, foldsYo: true },
  en: { ...ru, dropsStress: false },
  'whisper-basic': { ...raw, foldsCase: true, isLikeWhisper: true },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export const profileNames = Object.keys(profiles) as ProfileName[];

export function isProfileName(name: string): name is ProfileName {
  return Object.hasOwn(profiles, name);
}

/** What a profile does, by a name that has a sentence in the messages (`scoring.rule-…`). */
export type ProfileRule =
  | 'nfc'
  | 'zero-width'
  | 'case'
  | 'stress'
  | 'yo'
  | 'punctuation'
  | 'brackets'
  | 'compatibility'
  | 'marks'
  | 'white-space';

/** The rules of a profile in the order in which they are applied. A mapping comes after them. */
export function rulesOf(profile: ProfileName): ProfileRule[] {
  const { foldsCase, dropsStress, foldsYo, dropsPunctuation, isLikeWhisper }: Profile = profiles[profile];
  const chosen: [ProfileRule, boolean][] = [
    ['nfc', true],
    ['zero-width', !isLikeWhisper],
    ['case', foldsCase],
    ['stress', dropsStress],
    ['yo', foldsYo],
    ['punctuation', dropsPunctuation],
    ['brackets', isLikeWhisper],
    ['compatibility', isLikeWhisper],
    ['marks', isLikeWhisper],
    ['white-space', true],
  ];
  return chosen.filter(([, isApplied]) => isApplied).map(([rule]) => rule);
}

/** Unicode White_Space, spelled out: JavaScript's \s has U+FEFF in it and lacks U+0085. */
const whiteSpace = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const zeroWidth = /[\u200b-\u200d\u2060\ufeff]/g;

/** Text on which NFC, zero-width and white-space rules change nothing but where to split: ASCII and Cyrillic letters. */
const settled = /^[ -~\u0400-\u0482\u048a-\u052f]*$/;
/** Text on which no rule of any profile changes anything but ё. */
const settledRussian = /^[а-яё ]*$/;

/** The words of a text under a profile: NFC, zero-width characters dropped, split on Unicode White_Space. */
export function normalise(text: string, profile: ProfileName = 'raw'): Words {
  const rules: Profile = profiles[profile];
  if (settledRussian.test(text)) return splitAtSpaces(rules.foldsYo ? text.replaceAll('ё', 'е') : text);
  if (rules.isLikeWhisper) return likeWhisper(text.normalize('NFC')) as readonly string[] as Words;
  let result = settled.test(text) ? text : text.replace(zeroWidth, '').normalize('NFC');
  if (rules.foldsCase) result = result.toLowerCase();
  if (rules.dropsStress) result = dropStress(result);
  if (rules.foldsYo) result = result.replace(/ё\u0308*/g, 'е');
  if (rules.dropsPunctuation) result = dropPunctuation(result);
  // Case folding and dropped marks can leave pairs that compose: İ becomes i with a dot above.
  return split(settled.test(result) ? result : result.normalize('NFC'));
}

/** Whether text of a hypothesis goes unscored because it stands in brackets, which should be said wherever the score is. */
export function bracketsRemovedBy(profile: ProfileName, text: string): boolean {
  return profiles[profile].isLikeWhisper && hasBracketed(text.normalize('NFC'));
}

/** A profile as it is applied, with the spellings that a competition reads as others. */
export type Normaliser = {
  readonly profile: ProfileName;
  readonly mapping: Mapping | null;
  words(text: string): Words;
};

export function createNormaliser(profile: ProfileName, mapping: Mapping | null = null): Normaliser {
  const plain = (text: string) => normalise(text, profile);
  if (mapping === null || mapping.length === 0) return { profile, mapping: null, words: plain };
  const map = createMapper(mapping, plain);
  return { profile, mapping, words: (text) => map(plain(text)) as readonly string[] as Words };
}

/** Whether one space between words counts as a character. */
export type CharacterChoice = 'with-spaces' | 'without-spaces';

/** Code points, not UTF-16 units: an emoji is one character, and й is one whether it was typed as one or two. */
export function charactersOf(words: Words, choice: CharacterChoice = 'with-spaces'): Characters {
  const text = words.join(choice === 'with-spaces' ? ' ' : '');
  const characters = new Int32Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; length += 1) {
    const character = text.codePointAt(i)!;
    characters[length] = character;
    i += character > 0xffff ? 2 : 1;
  }
  return characters.subarray(0, length) as Int32Array as Characters;
}

function split(text: string): Words {
  if (settled.test(text)) return splitAtSpaces(text);
  return text.split(whiteSpace).filter((word) => word !== '') as readonly string[] as Words;
}

function splitAtSpaces(text: string): Words {
  const words = text.split(' ');
  return (words.includes('') ? words.filter((word) => word !== '') : words) as readonly string[] as Words;
}

/** ѐ and ѝ are е and и with a stress mark, composed by NFC. A Latin é stays é: it is a letter, not a stress. */
function dropStress(text: string): string {
  return text
    .replaceAll('ѐ', 'е')
    .replaceAll('ѝ', 'и')
    .replace(/[\u0300\u0301\u00ad]/g, '')
    .normalize('NFC');
}

const hyphens = /[\u2010\u2011]/g;
const apostrophes = /[\u2018\u2019\u02bc]/g;
const separators = /(?<![\p{L}\p{M}\p{N}])['-]|['-](?![\p{L}\p{N}])|(?<!\p{Nd})[.,:]|[.,:](?!\p{Nd})|[^\P{P}'.,:-]/gu;

function dropPunctuation(text: string): string {
  return text.replace(hyphens, '-').replace(apostrophes, "'").replace(separators, ' ');
}
