/** Scripts whose every character takes one cell and stands alone. */
const plain = /^[ -~\u0400-\u0482\u048a-\u052f]*$/;
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}])/u;
const widthless = /^[\p{M}\p{Cf}]+$/u;

let graphemes: Intl.Segmenter | undefined;

/** How many cells a text takes in a terminal: 2 for East Asian wide characters and emoji, however many code points they are made of. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : widthless.test(segment) ? 0 : 1;
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** At most so many cells of it, with its end, which tells files apart better than their beginning. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  while (widthOf(characters.join('')) >= width) characters.shift();
  return `…${characters.join('')}`;
}

/** A text as it may reach a terminal: nothing in it steers the cursor, hides, or turns the line around. */
export function harmless(text: string): string {
  return plain.test(text)
    ? text
    : text.replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
