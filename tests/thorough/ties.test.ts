import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { add, type ErrorCounts, errorsOf, noCounts, referenceLength } from '#lib/counts.ts';
import { countErrors } from '#scoring/wer/align.ts';
import { type Characters, normalise, type Words } from '#scoring/wer/normalise.ts';
import { scoreCharacters } from '#scoring/wer/score.ts';
import { countErrorsUnder, type Ties, tieRules } from '#scoring/wer/ties.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const golden = (name: string) => readFileSync(new URL(`../golden/${name}`, import.meta.url));
const lines = (name: string) =>
  gunzipSync(golden(`wer10k/${name}.gz`))
    .toString()
    .trimEnd()
    .split('\n');
const textsOf = (name: string) => lines(name).map((line) => normalise(line.slice(line.indexOf(' ') + 1)));

const references = textsOf('ref.txt');
const expected = JSON.parse(golden('wer10k/expected.json').toString())['10k'];

function score(file: string, ties: Ties): ErrorCounts[] {
  const hypotheses = textsOf(file);
  return references.map((reference, i) => countErrorsUnder(ties, reference, hypotheses[i]!));
}

const totals = {
  canonical: 'canonical_maxhits',
  jiwer: 'jiwer',
  kaldi: 'kaldi_compute_wer',
  sclite: 'sclite_4_3_3',
} as const satisfies Record<Ties, string>;

describe('10,000 utterances', () => {
  const cases = tieRules.flatMap((ties) =>
    ['hyp.txt', 'hyp_b.txt'].flatMap((file) => {
      const total = expected[file][totals[ties]];
      return total ? [[file, ties, total] as const] : [];
    }),
  );

  test.each(cases)('%s have the totals of %s', (file, ties, { S, D, I, H, errors }) => {
    const total = score(file, ties).reduce(add, noCounts);
    expect(total).toMatchObject({ substitutions: S, deletions: D, insertions: I });
    expect(errorsOf(total)).toBe(errors ?? expected[file].errors);
    if (H !== undefined) expect(total.hits).toBe(H);
    expect(referenceLength(total)).toBe(expected.refWords);
  });

  test('have the counts of jiwer one by one', () => {
    const perUtterance = lines('expected_per_utt.tsv').slice(1);
    const found = score('hyp.txt', 'jiwer').map((c) => [c.substitutions, c.deletions, c.insertions, c.hits].join('\t'));
    expect(found).toEqual(perUtterance.map((line) => line.split('\t').slice(5).join('\t')));
  });

  test('have the characters of jiwer', () => {
    const hypotheses = textsOf('hyp.txt');
    const total = references
      .map((reference, i) => scoreCharacters([reference], hypotheses[i]!, 'with-spaces', 'jiwer'))
      .reduce(add, noCounts);
    const { S, D, I, H } = expected['hyp.txt'].cer_jiwer;
    expect(total).toEqual({ hits: H, substitutions: S, deletions: D, insertions: I });
  });
});

test('every count of every case of jiwer is met', () => {
  type Side = string | string[];
  type Case = { transform: string; reference: Side; hypothesis: Side; expect?: Record<string, number> };
  const cases: Case[] = JSON.parse(golden('jiwer_cases.json').toString()).measure_cases;
  const counted = cases.filter(({ expect }) => expect?.hits !== undefined);
  expect(counted.length).toBeGreaterThan(50);
  // jiwer keeps runs of spaces as characters, which no profile of ours does.
  const codePoints = (text: string) =>
    Int32Array.from(text.trim(), (c) => c.codePointAt(0)!) as Int32Array as Characters;
  for (const { transform, reference, hypothesis, expect: counts } of counted) {
    const sides = [reference, hypothesis].map((side) => [side].flat());
    const [theirs, ours] = transform === 'wer_contiguous' ? sides.map((side) => [side.join(' ')]) : sides;
    const total = theirs!
      .map((text, i) => {
        const other = ours![i]!;
        return transform === 'cer_default'
          ? countErrorsUnder('jiwer', codePoints(text), codePoints(other))
          : countErrorsUnder('jiwer', normalise(text), normalise(other));
      })
      .reduce(add, noCounts);
    const { hits, substitutions, deletions, insertions } = counts!;
    const of = JSON.stringify({ transform, reference, hypothesis });
    expect(total, of).toEqual({ hits, substitutions, deletions, insertions });
  }
});

/** S, D, I and H by each tool itself: rapidfuzz 3.14.6, compute-wer's rule, sclite 2.10. */
test.each([
  ['a b', 'b c', { canonical: '0 1 1 1', jiwer: '2 0 0 0', kaldi: '0 1 1 1', sclite: '0 1 1 1' }],
  ['a b c d e', 'b f g d e', { canonical: '1 1 1 3', jiwer: '3 0 0 2', kaldi: '1 1 1 3', sclite: '1 1 1 3' }],
] as const)('"%s" against "%s" is divided as each tool does', (reference, hypothesis, expectedCounts) => {
  for (const ties of tieRules) {
    const c = countErrorsUnder(ties, normalise(reference), normalise(hypothesis));
    const found = [c.substitutions, c.deletions, c.insertions, c.hits].join(' ');
    expect(found, ties).toBe(expectedCounts[ties]);
  }
});

const words = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength }).map((tokens) => normalise(tokens.join(' ')));

describe.each(tieRules)('under the rule of %s, for any two sides,', (ties) => {
  const properties = { seed: 20260301, numRuns: 2000 };

  test('counts add up to both lengths', () => {
    fc.assert(
      fc.property(words(12), words(12), (reference, hypothesis) => {
        const counts = countErrorsUnder(ties, reference, hypothesis);
        expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
        expect(referenceLength(counts)).toBe(reference.length);
        expect(counts.hits + counts.substitutions + counts.insertions).toBe(hypothesis.length);
      }),
      properties,
    );
  });

  test('errors are the fewest, and hits no more than the canonical ones; sclite alone may spend errors on hits', () => {
    fc.assert(
      fc.property(words(12), words(12), (reference, hypothesis) => {
        const counts = countErrorsUnder(ties, reference, hypothesis);
        const canonical = countErrors(reference, hypothesis);
        if (ties === 'sclite') {
          expect(errorsOf(counts)).toBeGreaterThanOrEqual(errorsOf(canonical));
          expect(weighed(counts)).toBeLessThanOrEqual(weighed(canonical));
        } else {
          expect(errorsOf(counts)).toBe(errorsOf(canonical));
          expect(counts.hits).toBeLessThanOrEqual(canonical.hits);
        }
      }),
      properties,
    );
  });
});

const orders = {
  jiwer: ['deletion', 'insertion', 'pairing'],
  kaldi: ['insertion', 'deletion', 'pairing'],
  sclite: ['pairing', 'insertion', 'deletion'],
} as const;

/** Each tool's rule over the whole table, walked back from its end: [S, D, I, H]. Lives only here. */
function wholeTable(ties: Exclude<Ties, 'canonical'>, reference: Words, hypothesis: Words): number[] {
  const [substitution, gap] = ties === 'sclite' ? [4, 3] : [1, 1];
  const at = (i: number, j: number) => table[i]![j]!;
  const pairing = (i: number, j: number) =>
    at(i - 1, j - 1) + (reference[i - 1] === hypothesis[j - 1] ? 0 : substitution);
  const table: number[][] = [];
  for (let i = 0; i <= reference.length; i += 1) {
    table.push([]);
    for (let j = 0; j <= hypothesis.length; j += 1) {
      const ways = [i === 0 && j === 0 ? 0 : Number.POSITIVE_INFINITY];
      if (i > 0) ways.push(at(i - 1, j) + gap);
      if (j > 0) ways.push(at(i, j - 1) + gap);
      if (i > 0 && j > 0) ways.push(pairing(i, j));
      table[i]!.push(Math.min(...ways));
    }
  }
  const counts = [0, 0, 0, 0];
  for (let [i, j] = [reference.length, hypothesis.length]; i > 0 || j > 0; ) {
    const isInsertion = j > 0 && at(i, j) === at(i, j - 1) + gap;
    const ways = {
      deletion: i > 0 && at(i, j) === at(i - 1, j) + gap,
      // rapidfuzz inserts only where no pairing is as cheap: the cell before both is no cheaper than this one.
      insertion: isInsertion && (ties !== 'jiwer' || i === 0 || at(i - 1, j - 1) === at(i, j)),
      pairing: i > 0 && j > 0 && at(i, j) === pairing(i, j),
    };
    const way = orders[ties].find((one) => ways[one]);
    if (way === 'deletion') counts[1]! += 1;
    else if (way === 'insertion') counts[2]! += 1;
    else counts[reference[i - 1] === hypothesis[j - 1] ? 3 : 0]! += 1;
    if (way !== 'insertion') i -= 1;
    if (way !== 'deletion') j -= 1;
  }
  return counts;
}

test.each(['jiwer', 'kaldi', 'sclite'] as const)('the band of %s leaves out nothing that matters', (ties) => {
  const side = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 65, maxLength: 150 });
  fc.assert(
    fc.property(side, side, fc.nat(60), (some, others, from) => {
      // Half of the words are the same, so that the band is narrow.
      const reference = normalise(some.join(' '));
      const hypothesis = normalise([...some.slice(0, from), ...others.slice(0, 20), ...some.slice(from)].join(' '));
      const c = countErrorsUnder(ties, reference, hypothesis);
      const expectedCounts = wholeTable(ties, reference, hypothesis);
      expect([c.substitutions, c.deletions, c.insertions, c.hits]).toEqual(expectedCounts);
    }),
    { seed: 20260301, numRuns: 40 },
  );
});

function weighed({ substitutions, deletions, insertions }: ErrorCounts): number {
  return 4 * substitutions + 3 * (deletions + insertions);
}

/** A text of 3,000 words and what a careless typist makes of it: rapidfuzz divides its table for such. */
function longPair(): [Words, Words] {
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const reference = Array.from({ length: 3000 }, () => `w${next(20)}`);
  const hypothesis = reference.flatMap((word) => {
    const fate = next(10);
    return fate === 0 ? [] : fate === 1 ? [`w${next(20)}`] : fate === 2 ? [`w${next(20)}`, word] : [word];
  });
  return [normalise(reference.join(' ')), normalise(hypothesis.join(' '))];
}

test('a text so long that rapidfuzz divides its table has the counts of rapidfuzz', () => {
  const [reference, hypothesis] = longPair();
  expect(countErrorsUnder('jiwer', reference, hypothesis)).toEqual({
    hits: 2389,
    substitutions: 362,
    deletions: 249,
    insertions: 248,
  });
});

const hasSclite = spawnSync('sctk', ['sclite']).error === undefined;

test.skipIf(!hasSclite)('sclite itself agrees, where it is installed', () => {
  const pairs = fc.sample(fc.tuple(words(14), words(14)), { seed: 20260301, numRuns: 3000 });
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-sclite-'));
  try {
    const trn = (side: 0 | 1) => pairs.map((pair, i) => `${pair[side].join(' ')} (s-${i})\n`).join('');
    writeFileSync(join(folder, 'ref.trn'), trn(0));
    writeFileSync(join(folder, 'hyp.trn'), trn(1));
    const { stdout, status } = spawnSync(
      'sctk',
      ['sclite', '-r', 'ref.trn', 'trn', '-h', 'hyp.trn', 'trn', '-i', 'spu_id', '-o', 'pralign', 'stdout'],
      { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    expect(status).toBe(0);
    const found = new Map(
      [...stdout.matchAll(/^id: \(s-(\d+)\)\s+Scores: \(#C #S #D #I\) (\d+ \d+ \d+ \d+)/gm)].map((m) => [m[1], m[2]]),
    );
    expect(found.size).toBe(pairs.length);
    for (const [i, [reference, hypothesis]] of pairs.entries()) {
      const c = countErrorsUnder('sclite', reference, hypothesis);
      const ours = [c.hits, c.substitutions, c.deletions, c.insertions].join(' ');
      expect(ours, `${reference.join(' ')} / ${hypothesis.join(' ')}`).toBe(found.get(`${i}`));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
