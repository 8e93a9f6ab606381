import { kindsOf } from '#lib/predictions/inspect.ts';
import type { Normaliser, ProfileName } from '#scoring/wer/normalise.ts';

// As scoring/kernel/assembly/text.ts numbers them.
const tableLength = 0x2200;
const known = 1;
const letterOrNumber = 2;
const digit = 4;
const joinsWords = 8;
const joinsDigits = 16;

/**
 * Characters that the kernel may know, as ranges: ASCII, Latin and Cyrillic letters, spaces and the punctuation of Russian and
 * English texts. None of them composes with another, so that each can be looked at by itself, but for what joins words or digits.
 */
const ranges: readonly (readonly [number, number])[] = [
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x7e],
  [0xa0, 0xa0],
  [0xab, 0xab],
  [0xbb, 0xbb],
  [0xc0, 0x17f],
  [0x400, 0x482],
  [0x48a, 0x52f],
  [0x2010, 0x2011],
  [0x2013, 0x2014],
  [0x2018, 0x2019],
  [0x201c, 0x201e],
  [0x2026, 0x2026],
  [0x2116, 0x2116],
];

const tables = new Map<ProfileName, Uint32Array>();

/**
 * What the normaliser, which has no mapping, makes of each known character: [tableLength], 0 for all others. Asked once for each
 * profile, for it takes milliseconds.
 */
export function knownCharacters(normaliser: Normaliser): Uint32Array {
  const table = tables.get(normaliser.profile) ?? askAll(normaliser);
  tables.set(normaliser.profile, table);
  return table;
}

function askAll({ words }: Normaliser): Uint32Array {
  const table = new Uint32Array(tableLength);
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code += 1) table[code] = entryOf(String.fromCharCode(code), words);
  }
  return table;
}

function entryOf(character: string, words: Normaliser['words']): number {
  const { becomes, joins } = rolesOf(character, words);
  if (becomes.length !== 1) return 0;
  const isLetterOrNumber = /[\p{L}\p{N}]/u.test(character) ? letterOrNumber : 0;
  const isDigit = /\p{Nd}/u.test(character) ? digit : 0;
  const traits = known | joins | isLetterOrNumber | isDigit;
  return becomes.charCodeAt(0) + kindsOf(character) * 0x1_0000 + traits * 0x100_0000;
}

/** Alone, between letters, between digits. */
function rolesOf(character: string, words: Normaliser['words']): { becomes: string; joins: number } {
  const [alone] = words(character);
  if (alone !== undefined) return { becomes: alone, joins: 0 };
  const between = (other: string) =>
    words(other + character + other)
      .join(' ')
      .slice(1, -1);
  const [inWord, inNumber] = [between('а'), between('1')];
  if (inWord !== ' ') return { becomes: inWord, joins: joinsWords };
  return inNumber === ' ' ? { becomes: ' ', joins: 0 } : { becomes: inNumber, joins: joinsDigits };
}
