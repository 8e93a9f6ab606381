/** Why a name cannot be a team's: message `common.error-name-${problem}`. */
export type TeamNameProblem = 'too-short' | 'too-long' | 'characters' | 'marks' | 'mixed-scripts';

export type CheckedTeamName =
  | { ok: true; name: string /** Equal keys look alike: two teams of a competition never share one. */; key: string }
  | { ok: false; problem: TeamNameProblem };

export const shortestTeamName = 2;
export const longestTeamName = 40;

/**
 * A team's name as people see it on a projector: 2 to 40 user-perceived characters (graphemes) of NFC text, spaces single.
 * Refused: control, formatting and bidirectional characters, angle brackets, more than three combining marks in a row, and
 * words that mix Latin with Cyrillic or Greek, which are nearly always another team's name in disguise.
 */
export function checkTeamName(typed: string): CheckedTeamName {
  const name = typed.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (graphemes(name) < shortestTeamName) return { ok: false, problem: 'too-short' };
  // One character may unfold to many (㍿, ﷺ), and one grapheme may carry many characters.
  if (graphemes(name.normalize('NFKC')) > longestTeamName || name.length > 4 * longestTeamName) {
    return { ok: false, problem: 'too-long' };
  }
  // The zero-width joiner is a formatting character that emoji are made with.
  if (/[\p{Cc}\p{Co}\p{Cs}\p{Cn}<>]/u.test(name) || /\p{Cf}/u.test(name.replaceAll('\u200d', ''))) {
    return { ok: false, problem: 'characters' };
  }
  if (/\p{M}{4}/u.test(name.normalize('NFD'))) return { ok: false, problem: 'marks' };
  if (name.split(/[^\p{L}\p{M}]+/u).some(mixesScripts)) return { ok: false, problem: 'mixed-scripts' };
  return { ok: true, name, key: lookAlikeKey(name) };
}

function graphemes(text: string): number {
  return [...new Intl.Segmenter('ru', { granularity: 'grapheme' }).segment(text)].length;
}

function mixesScripts(word: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];
  return scripts.filter((script) => script.test(word)).length > 1;
}

/** Letters that a reader at the back of the hall takes for each other, after lower-casing; each row folds to its first. */
const lookAlikes = [
  'aаα',
  'bвβь',
  'cсϲ',
  'eеёє',
  'hн',
  'iіїι1l|!',
  'jј',
  'kкκ',
  'mм',
  'nпη',
  'oоοσ0',
  'pрρ',
  'rг',
  'sѕ5',
  'tтτ',
  'uυ',
  'vν',
  'wш',
  'xхχ',
  'yуγ',
  '3зz',
  '6б',
];
const foldOf = new Map(lookAlikes.flatMap((row) => [...row].map((letter) => [letter, [...row][0]!] as const)));

function lookAlikeKey(name: string): string {
  const letters = name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  // Within a word ! and | pass for a letter; at its end they are signs like any other.
  const spoken = letters.replace(/[!|]+(?![\p{L}\p{N}])/gu, '');
  const folded = [...spoken].filter((c) => /[\p{L}\p{N}|!]/u.test(c)).map((c) => foldOf.get(c) ?? c);
  // A name of signs only (☆☆☆) has nothing to fold: it is its own key.
  return folded.length > 0 ? folded.join('') : letters;
}
