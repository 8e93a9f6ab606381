/** Spellings that count as others: words, or runs of words, and what they are read as. */
export type Mapping = readonly { readonly from: string; readonly to: string }[];

type Split = (text: string) => readonly string[];

/**
 * Replaces runs of whole words, from left to right, the longest that stands there first; what was put in is not looked at again.
 * Both sides of a rule go through `split`, as the text does. Of rules that come to the same words there the first counts; one
 * that comes to none is never met.
 */
export function createMapper(mapping: Mapping, split: Split): (words: readonly string[]) => readonly string[] {
  const replacements = new Map<string, readonly string[]>();
  const lengthsOf = new Map<string, number[]>();
  for (const { from, to } of mapping) {
    const words = split(from);
    const key = words.join(' ');
    if (words.length === 0 || replacements.has(key)) continue;
    replacements.set(key, split(to));
    const lengths = lengthsOf.get(words[0]!) ?? [];
    if (!lengths.includes(words.length)) lengths.push(words.length);
    lengthsOf.set(
      words[0]!,
      lengths.sort((a, b) => b - a),
    );
  }
  return (words) => (words.some((word) => lengthsOf.has(word)) ? replaced(words, replacements, lengthsOf) : words);
}

function replaced(
  words: readonly string[],
  replacements: ReadonlyMap<string, readonly string[]>,
  lengthsOf: ReadonlyMap<string, readonly number[]>,
): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < words.length; ) {
    const keyOf = (length: number) => words.slice(i, i + length).join(' ');
    const fits = (length: number) => i + length <= words.length && replacements.has(keyOf(length));
    const length = lengthsOf.get(words[i]!)?.find(fits);
    if (length === undefined) result.push(words[i]!);
    else for (const word of replacements.get(keyOf(length))!) result.push(word);
    i += length ?? 1;
  }
  return result;
}
