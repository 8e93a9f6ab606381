import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Format } from '#lib/predictions/records.ts';

/** Spoken and recognised words of one utterance. */
export type Utterance = { readonly id: string; readonly reference: string; readonly hypothesis: string };

const syllables = 'ко ра ми ве до ста при но ли ту го пе за бы ше лю дь ий ёт ся ва ем ны кра по'.split(' ');
const endings = ['а', 'ы', 'у', 'ом', 'е', 'ой', 'ть', 'л', 'ла', 'ет'];

/**
 * Utterances of some twelve words with about 14 % of errors (nine substitutions to three deletions and two insertions), a
 * third of the utterances without any. Most substitutions are another form of the same word, as recognisers mistake them.
 */
export function workload(utterances: number, seed = 7): Utterance[] {
  const chance = random(seed);
  const wordOf = () => Array.from({ length: 1 + Math.floor(chance() * 3) }, () => oneOf(syllables, chance)).join('');
  const words = Array.from({ length: 40_000 }, () => wordOf() + oneOf(endings, chance));
  const word = () => words[Math.floor(words.length * chance() ** 3)]!;
  return Array.from({ length: utterances }, (_, i) => {
    const reference = Array.from({ length: 1 + Math.floor(chance() * 23) }, word);
    const rate = chance() < 0.33 ? 0 : 0.215;
    const hypothesis = reference.flatMap((spoken) => recognised(spoken, rate, word, chance));
    const id = `s${String(Math.floor(i / 100)).padStart(4, '0')}-${String(i).padStart(6, '0')}`;
    return { id, reference: reference.join(' '), hypothesis: hypothesis.join(' ') };
  });
}

function recognised(spoken: string, rate: number, word: () => string, chance: () => number): string[] {
  const what = chance();
  if (what < rate * 0.2) return [];
  if (what < rate * 0.33) return [spoken, word()];
  if (what > rate) return [spoken];
  return [chance() < 0.7 ? spoken.slice(0, -1) + oneOf(endings, chance) : word()];
}

const line: Record<Format, (id: string, text: string) => string> = {
  kaldi: (id, text) => `${id} ${text}`,
  trn: (id, text) => `${text} (${id})`,
  csv: (id, text) => `${id},${text}`,
  tsv: (id, text) => `${id}\t${text}`,
  jsonl: (id, text) => JSON.stringify({ id, text }),
};

/** Writes one side and returns the path. */
export function write(
  folder: string,
  name: string,
  format: Format,
  side: 'reference' | 'hypothesis',
  utterances: readonly Utterance[],
): string {
  const path = join(folder, `${name}.${format}`);
  const header = format === 'csv' ? 'id,text\n' : '';
  writeFileSync(path, `${header}${utterances.map((one) => line[format](one.id, one[side])).join('\n')}\n`);
  return path;
}

export function shuffled(utterances: readonly Utterance[], seed = 11): Utterance[] {
  const chance = random(seed);
  const keyed = utterances.map((utterance) => ({ utterance, key: chance() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ utterance }) => utterance);
}

function oneOf<T>(choices: readonly T[], chance: () => number): T {
  return choices[Math.floor(chance() * choices.length)]!;
}

/** A linear congruential generator: the same workload everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
