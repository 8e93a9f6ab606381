/** Two texts that share this much of their character 5-grams (Jaccard) say nearly the same. */
const nearSimilarity = 0.7;
const gramLength = 5;
/** MinHash in bands: a pair at the threshold meets in some band with probability 1 − (1 − 0.7⁴)²⁵ = 0.999. */
const bands = 25;
const rowsPerBand = 4;
/** So that 100,000 variants of one sentence stay quick: they meet through those that came first. */
const mostPerBucket = 64;

/** A text as compared: lower case, ё as е, letters and digits only, words divided by one space. */
export function comparableText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Which texts belong together because they are equal or nearly so, also by way of others. Returns, per text, the name of its
 * group: the smallest comparable text in it, so that the answer does not depend on the order of the texts.
 */
export function groupNearTexts(texts: readonly string[]): string[] {
  const comparable = texts.map(comparableText);
  const distinct = [...new Set(comparable)].sort();
  const parents = distinct.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  const sets = distinct.map(gramHashes);
  forEachCandidate(sets, (a, b) => {
    const [low, high] = [Math.min(root(a), root(b)), Math.max(root(a), root(b))];
    if (low !== high && isNear(sets[a]!, sets[b]!)) parents[high] = low;
  });
  const indexOf = new Map(distinct.map((text, i) => [text, i]));
  return comparable.map((text) => distinct[root(indexOf.get(text)!)]!);
}

/** Pairs worth a comparison (Broder, 1997): comparing all pairs of 100,000 texts would take hours. */
function forEachCandidate(sets: readonly Uint32Array[], visit: (a: number, b: number) => void): void {
  for (let band = 0; band < bands; band++) {
    // Most texts meet nobody: a list is made for those only that do.
    const seen = new Map<number, number | number[]>();
    for (const [index, set] of sets.entries()) {
      const key = bandKey(set, band);
      const earlier = seen.get(key);
      if (earlier === undefined) seen.set(key, index);
      else {
        const others = typeof earlier === 'number' ? [earlier] : earlier;
        for (const other of others) visit(other, index);
        if (others.length < mostPerBucket) others.push(index);
        if (others !== earlier) seen.set(key, others);
      }
    }
  }
}

/** The minima of a band as one small number: texts that share it by chance are compared and found to differ. */
function bandKey(set: Uint32Array, band: number): number {
  let key = 0x811c9dc5;
  for (let row = 1; row <= rowsPerBand; row++) {
    key = Math.imul(key ^ minimum(set, band * rowsPerBand + row), 0x01000193);
    key ^= key >>> 15;
  }
  return key >>> 2;
}

function minimum(hashes: Uint32Array, seed: number): number {
  const multiplier = Math.imul(seed, 0x9e3779b1) | 1;
  let least = 0xffffffff;
  for (let i = 0; i < hashes.length; i++) {
    let value = Math.imul(hashes[i]! ^ multiplier, 0x85ebca6b);
    value = Math.imul(value ^ (value >>> 15), multiplier) >>> 0;
    if (value < least) least = value;
  }
  return least;
}

/** The text's distinct 5-grams as ascending hashes (FNV-1a); a shorter text is one gram. */
function gramHashes(text: string): Uint32Array {
  const padded = ` ${text} `;
  const found = new Set<number>();
  for (let start = 0; start === 0 || start + gramLength <= padded.length; start++) {
    let hash = 0x811c9dc5;
    for (let i = start; i < Math.min(start + gramLength, padded.length); i++) {
      hash = Math.imul(hash ^ padded.charCodeAt(i), 0x01000193);
    }
    found.add(hash >>> 0);
  }
  return Uint32Array.from(found).sort();
}

function isNear(a: Uint32Array, b: Uint32Array): boolean {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const step = a[i]! - b[j]!;
    if (step === 0) shared++;
    if (step <= 0) i++;
    if (step >= 0) j++;
  }
  return shared >= nearSimilarity * (a.length + b.length - shared);
}

/** Tells whether a text is equal or nearly equal to one of `texts`, directly and not by way of others. */
export function nearTextTest(texts: readonly string[]): (text: string) => boolean {
  const sets = [...new Set(texts.map(comparableText))].map(gramHashes);
  const holders = new Map<number, number[]>();
  for (const [index, set] of sets.entries()) {
    for (const gram of set) holders.set(gram, [...(holders.get(gram) ?? []), index]);
  }
  return (text) => {
    const set = gramHashes(comparableText(text));
    const candidates = new Set(Array.from(set).flatMap((gram) => holders.get(gram) ?? []));
    return [...candidates].some((index) => isNear(sets[index]!, set));
  };
}
