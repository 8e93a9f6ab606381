/** Where an id belongs among the expected ones, or why it does not. */
export type Match = { index: number } | 'unknown' | 'ambiguous';

/**
 * Finds ids by value. File systems hand out decomposed names (й as two code points), so an id is also looked up composed.
 * A path is matched by its longest end that is an id, with or without its extension; failing that, by base names, as far
 * as they are unique among the ids.
 */
export function createMatcher(ids: readonly string[]): (id: string, isPath: boolean) => Match {
  let indexed: Indexes | null = null;
  const find = (id: string) => {
    indexed ??= indexIds(ids);
    const { indexes, longest } = indexed;
    if (id.length > longest * mostDecomposed) return undefined;
    return indexes.get(id) ?? (ascii.test(id) ? undefined : indexes.get(id.normalize('NFC')));
  };
  let byBaseName: Map<string, number | 'ambiguous'> | null = null;
  let next = 0;
  return (id, isPath) => {
    // Most files keep the order of the ids they were given; comparing costs a tenth of hashing. The first id is asked for once
    // more, when the format is looked for.
    if (id === ids[next]) return { index: next++ };
    if (id === ids[0]) {
      next = 1;
      return { index: 0 };
    }
    const index = isPath ? findPath(id.replaceAll('\\', '/'), find) : find(id);
    if (index !== undefined) {
      next = index + 1;
      return { index };
    }
    if (!isPath) return 'unknown';
    byBaseName ??= indexBaseNames(ids);
    const found = byBaseName.get(baseName(id.normalize('NFC')));
    return typeof found === 'number' ? { index: found } : (found ?? 'unknown');
  };
}

type Indexes = { readonly indexes: ReadonlyMap<string, number>; readonly longest: number };

function indexIds(ids: readonly string[]): Indexes {
  const indexes = new Map<string, number>();
  let longest = 0;
  for (let i = 0; i < ids.length; i += 1) {
    indexes.set(ids[i]!, i);
    longest = Math.max(longest, ids[i]!.length);
  }
  return { indexes, longest };
}

/**
 * Composing makes a text at most this many times shorter (Unicode Standard Annex 15 §9, expansion of NFD in UTF-16).
 * What is longer than that times every id is none of them, and a mebibyte of marks need not be composed to know it.
 */
const mostDecomposed = 4;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ascii = /^[\x00-\x7f]*$/;

function findPath(path: string, find: (id: string) => number | undefined): number | undefined {
  const bare = withoutExtension(path);
  let tries = 0;
  for (let from = 0; from >= 0 && tries < maxFolders; from = path.indexOf('/', from) + 1 || -1) {
    const index = find(path.slice(from)) ?? find(bare.slice(from));
    if (index !== undefined) return index;
    tries += 1;
  }
  return undefined;
}

/** A path of a million folders must not cost a million look-ups of a million characters. */
const maxFolders = 32;

function indexBaseNames(ids: readonly string[]): Map<string, number | 'ambiguous'> {
  const indexes = new Map<string, number | 'ambiguous'>();
  ids.forEach((id, index) => {
    const name = baseName(id);
    indexes.set(name, indexes.has(name) ? 'ambiguous' : index);
  });
  return indexes;
}

function baseName(path: string): string {
  return withoutExtension(path.replaceAll('\\', '/').split('/').at(-1)!);
}

function withoutExtension(path: string): string {
  return path.replace(/\.[A-Za-z0-9]{1,5}$/, '');
}
