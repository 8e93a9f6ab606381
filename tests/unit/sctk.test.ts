import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { add, type ErrorCounts, noCounts } from '#lib/counts.ts';
import { mapsswe } from '#scoring/statistics/mapsswe.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import type { Words } from '#scoring/wer/normalise.ts';
import { scoreWords } from '#scoring/wer/score.ts';
import { goldenSet, systemOf, trnOf, wordsOf } from '../golden-significance.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 120_000 });

/** NIST's own programs, as Debian packages them. */
const isInstalled = spawnSync('sctk', ['sclite']).error === undefined;

type Corpus = { ids: string[]; references: Words[]; first: Words[]; second: Words[] };

/** Sentences of a large vocabulary, and what two systems that err in `percent` of the words make of them. */
function drawnCorpus(seed: number, percent: number): Corpus {
  const random = createRandom(seed);
  const word = () => `w${drawBelow(random, 500)}`;
  const references = Array.from({ length: 150 }, () => Array.from({ length: 3 + drawBelow(random, 20) }, word));
  const heard = (words: readonly string[]) =>
    words.flatMap((spoken, i) => {
      const isError = drawBelow(random, 100) < percent;
      const kind = isError ? drawBelow(random, 4) : 4;
      if (kind === 0 && i > 0) return [];
      if (kind === 1) return [spoken, word()];
      return [kind < 4 ? word() : spoken];
    });
  const spoken = (texts: string[][]) => texts.map((words) => wordsOf(words.join(' ')));
  return {
    ids: references.map((_, i) => `s${i % 6}-${i}`),
    references: spoken(references),
    first: spoken(references.map(heard)),
    second: spoken(references.map(heard)),
  };
}

const corpora = [
  ['g240', goldenSet('g240')],
  ['drawn, 8 %', drawnCorpus(1, 8)],
  ['drawn, 20 %', drawnCorpus(2, 20)],
  ['drawn, 40 %', drawnCorpus(3, 40)],
] as const satisfies readonly (readonly [string, Corpus])[];

describe.skipIf(!isInstalled)('where sctk is installed (apt install sctk)', () => {
  test.each(corpora)('sclite counts the words of %s as we do under its rule', (_, { ids, references, first }) => {
    const sum = inFolder({ ids, references, first, second: first }, (sctk) => {
      const report = sctk(['sclite', ...inputs('first'), '-o', 'rsum', 'stdout']);
      return /^\s*\|\s*Sum\s*\|\s*\d+\s+(\d+)\s*\|\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/m.exec(report)!.slice(1).map(Number);
    });
    const counts = references
      .map((reference, i): ErrorCounts => scoreWords([reference], first[i]!, 'sclite'))
      .reduce(add, noCounts);
    const { hits, substitutions, deletions, insertions } = counts;
    expect([hits + substitutions + deletions, hits, substitutions, deletions, insertions]).toEqual(sum);
  });

  test.each(corpora)('sc_stats finds the segments and the Z of %s', (_, corpus) => {
    const line = inFolder(corpus, (sctk) => {
      const aligned = ['first', 'second'].map((name) => sctk(['sclite', ...inputs(name), '-o', 'sgml', 'stdout']));
      const report = sctk(['sc_stats', '-p', '-t', 'mapsswe', '-v', '-n', '-'], aligned.join(''));
      return /MTCH_PR_RESULTS.*/.exec(report)![0];
    });
    const number = (name: string) => Number(line.split(`(${name}: `)[1]!.split(')')[0]);
    for (const ties of ['canonical', 'sclite'] as const) {
      const [a, b] = [corpus.first, corpus.second].map((side) => systemOf(corpus.references, side, ties).events());
      const found = mapsswe(a!, b!);
      expect(found.segments).toBe(number('# segs'));
      expect(Math.abs(found.mean - number('mean'))).toBeLessThan(0.000_51);
      expect(Math.abs(found.deviation - number('std dev'))).toBeLessThan(0.000_51);
      expect(Math.abs(found.z! - number('Z Stat'))).toBeLessThan(0.001);
    }
  });
});

const inputs = (name: string) => [
  '-r',
  'references.trn',
  'trn',
  '-h',
  `${name}.trn`,
  'trn',
  name,
  '-i',
  'spu_id',
  '-e',
  'utf-8',
];

/** What the program says; `input` is what it reads. */
type Run = (command: readonly string[], input?: string) => string;

function inFolder<T>({ ids, ...sides }: Corpus, act: (sctk: Run) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-sctk-'));
  try {
    for (const name of ['references', 'first', 'second'] as const) {
      writeFileSync(join(folder, `${name}.trn`), trnOf(ids, sides[name]));
    }
    return act((command, input = '') => {
      const options = { cwd: folder, encoding: 'utf8', input, maxBuffer: 2 ** 28 } as const;
      const { stdout, stderr, status } = spawnSync('sctk', command, options);
      if (status !== 0) throw new Error(`sctk ${command.join(' ')} failed: ${stderr}`);
      return stdout;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
