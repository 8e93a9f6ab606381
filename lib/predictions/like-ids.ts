/** Cyrillic letters that are drawn as Latin ones, in the order of those. */
const drawnAlike = new Map([...'аеорсухкмтвніјѕ'].map((letter, i) => [letter, 'aeopcyxkmtbhijs'[i]!]));
/** Longer ids are no slip of a hand. */
const longest = 400;

/**
 * Tells of an id that is none of `ids` whether one of them differs from it only by what is hard to see: case, letters that look the
 * same, characters that show nothing, an extension of recordings, folders before it.
 */
export function createLikeness(ids: readonly string[]): (id: string) => boolean {
  let known: Set<string> | null = null;
  return (id) => {
    if (id.length > longest) return false;
    known ??= new Set(ids.map(looksOf));
    const looks = looksOf(id);
    return known.has(looks) || known.has(looks.slice(looks.lastIndexOf('/') + 1));
  };
}

function looksOf(id: string): string {
  const shown = id.normalize('NFKC').replace(/[\p{Cf}\p{White_Space}]/gu, '');
  const bare = shown
    .toLowerCase()
    .replaceAll('\\', '/')
    .replace(/\.(wav|flac|mp3|ogg|opus)$/, '');
  return bare.replace(/\p{Script=Cyrillic}/gu, (letter) => drawnAlike.get(letter) ?? letter);
}
