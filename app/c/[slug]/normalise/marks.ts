/** A stretch of text: as it is, or a character that cannot be seen, by its name. */
export type Stretch = { text: string; name: string | null };

const names: Record<string, string> = {
  '\t': 'TAB',
  '\u00a0': 'NBSP',
  '\u00ad': 'SHY',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200d': 'ZWJ',
  '\u2060': 'WJ',
  '\ufeff': 'BOM',
};

/** White space but for the plain space, marks that lie over a letter, controls and what has no width. */
const unseen = /((?! )\p{White_Space}|\p{M}|\p{C})/u;

/** A text in stretches, with every character named that a reader would miss. */
export function stretchesOf(text: string): Stretch[] {
  return text
    .split(unseen)
    .map((part, i) => ({ text: part, name: i % 2 === 1 ? nameOf(part) : null }))
    .filter(({ text: part }) => part !== '');
}

function nameOf(character: string): string {
  return names[character] ?? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
