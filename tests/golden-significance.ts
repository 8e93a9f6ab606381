import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CountColumns } from '#scoring/columns.ts';
import { createColumns, setCounts } from '#scoring/columns.ts';
import type { System } from '#scoring/statistics/compare.ts';
import { collectEvents, eventsOf } from '#scoring/statistics/events.ts';
import { createNormaliser, type Words } from '#scoring/wer/normalise.ts';
import { countErrorsUnder, type Ties } from '#scoring/wer/ties.ts';
import { alignUnder } from '#scoring/wer/trace.ts';

const raw = createNormaliser('raw');

/** A golden set: words by utterance in the order of the references, and what is known of it. */
export function goldenSet(name: 'g240' | 'g2000') {
  const folder = join(import.meta.dirname, 'golden/significance', name);
  const unpack = (file: string) => gunzipSync(readFileSync(join(folder, `${file}.gz`))).toString('utf8');
  const references = wordsOfTrn(unpack('ref.trn'));
  const hypothesesOf = (file: string) => {
    const found = wordsOfTrn(unpack(file));
    return [...references.keys()].map((id) => found.get(id)!);
  };
  return {
    ids: [...references.keys()],
    references: [...references.values()],
    first: hypothesesOf('sysA.trn'),
    second: hypothesesOf('sysB.trn'),
    expected: JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected,
    report: unpack('unified.stats'),
  };
}

type Expected = {
  mapsswe: { segments: number; err: [number, number]; mean: number; sd: number; Z: number; p2: number };
  mcnemar: { table: [[number, number], [number, number]]; pExact2: number };
  sign: { plusA: number; minusA: number; eq: number; p: number };
};

export function systemOf(
  references: readonly Words[],
  hypotheses: readonly Words[],
  ties: Ties = 'canonical',
): System & { words: CountColumns } {
  const words = createColumns(references.length);
  references.forEach((reference, i) => {
    setCounts(words, i, countErrorsUnder(ties, reference, hypotheses[i]!));
  });
  return {
    words,
    events: () =>
      collectEvents(references.map((reference, i) => eventsOf(alignUnder(ties, reference, hypotheses[i]!)))),
  };
}

export function wordsOf(text: string): Words {
  return raw.words(text);
}

/** Lines of words and an id in brackets, as NIST's tools read them. */
export function trnOf(ids: readonly string[], texts: readonly Words[]): string {
  return ids.map((id, i) => `${texts[i]!.join(' ')} (${id})\n`).join('');
}

function wordsOfTrn(text: string): Map<string, Words> {
  return new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const at = line.lastIndexOf('(');
        return [line.slice(at + 1, -1), wordsOf(line.slice(0, at))];
      }),
  );
}
