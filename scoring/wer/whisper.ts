/**
 * Words as Whisper's BasicTextNormalizer parts them with remove_diacritics and split_letters off: lower case, no text in
 * brackets, NFKC, a space for every mark, symbol and punctuation character. `text` is in NFC; Whisper takes it as it comes, which
 * differs only for a bracket that carries a combining mark. Source: Radford et al. (2022), appendix C; openai/whisper.
 */
export function likeWhisper(text: string): readonly string[] {
  const spelledOut = withoutBracketed(text.toLowerCase()).normalize('NFKC');
  return spelledOut
    .replace(markedOff, ' ')
    .toLowerCase()
    .split(pythonSpace)
    .filter((word) => word !== '');
}

export function hasBracketed(text: string): boolean {
  return withoutBracketed(text) !== text;
}

const markedOff = /[\p{M}\p{S}\p{P}]/gu;

/** What `\s` means in Python: Unicode White_Space and four separators of ASCII. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const pythonSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** `[…]` and `<…>`, which close each other, empty ones too; then `(…)` with something between. */
function withoutBracketed(text: string): string {
  return withoutEnclosed(withoutEnclosed(text, /[<[]/g, /[>\]]/g, 0), /\(/g, /\)/g, 1);
}

/** Cuts from every opening bracket to the next closing one, nested openings included, in one pass over any text. */
function withoutEnclosed(text: string, opening: RegExp, closing: RegExp, atLeast: number): string {
  let rest = '';
  let from = 0;
  for (let open = indexFrom(text, opening, 0); open !== -1; ) {
    const close = indexFrom(text, closing, open + 1);
    if (close === -1) break;
    const isCut = close - open - 1 >= atLeast;
    if (isCut) {
      rest += text.slice(from, open);
      from = close + 1;
    }
    open = indexFrom(text, opening, isCut ? from : open + 1);
  }
  return rest + text.slice(from);
}

function indexFrom(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}
