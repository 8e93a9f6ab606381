import { expect, test } from 'vitest';
import type { Scored } from '#lib/db/score-records.ts';
import { createRecorder } from '#scoring/jobs/recorder.ts';

const aResult = (submissionId: string, competitionId = 'spring') =>
  ({ claim: { submissionId, competitionId } }) as unknown as Scored;

/** Writes down what is written together; refuses what is said to be refused, and fails with what cannot be written. */
function aBook({ refused = '', broken = '' } = {}) {
  const pages: string[][] = [];
  const write = async (_competition: string, scored: readonly Scored[]) => {
    const ids = scored.map(({ claim }) => claim.submissionId);
    if (ids.includes(broken)) throw new Error(`${broken} cannot be written`);
    pages.push(ids);
    return ids.map((id) => id !== refused);
  };
  return { pages, write };
}

const forever = { pauseMs: 3_600_000, mostWaiting: 100 };

test('the first result is written at once, and what comes soon after it together', async () => {
  const { pages, write } = aBook({ refused: 'c' });
  const recorder = createRecorder(write, forever);
  expect(await recorder.record(aResult('a'))).toBe(true);
  const later = ['b', 'c', 'd'].map((id) => recorder.record(aResult(id)));
  expect(pages).toEqual([['a']]);
  recorder.hurry();
  expect(await Promise.all(later)).toEqual([true, false, true]);
  expect(pages).toEqual([['a'], ['b', 'c', 'd']]);
});

test('a pause that is over is no pause any more', async () => {
  const { pages, write } = aBook();
  const recorder = createRecorder(write, { ...forever, pauseMs: 1 });
  for (const id of ['a', 'b', 'c']) await recorder.record(aResult(id));
  expect(pages).toEqual([['a'], ['b'], ['c']]);
});

test('no competition waits for the pause of another', async () => {
  const { pages, write } = aBook();
  const recorder = createRecorder(write, forever);
  await recorder.record(aResult('a', 'spring'));
  await recorder.record(aResult('b', 'autumn'));
  expect(pages).toEqual([['a'], ['b']]);
});

test('what cannot be written takes nothing else along', async () => {
  const { pages, write } = aBook({ broken: 'c' });
  const recorder = createRecorder(write, forever);
  await recorder.record(aResult('a'));
  const later = ['b', 'c', 'd'].map((id) => recorder.record(aResult(id)));
  recorder.hurry();
  expect(await Promise.allSettled(later)).toMatchObject([
    { status: 'fulfilled', value: true },
    { status: 'rejected', reason: new Error('c cannot be written') },
    { status: 'fulfilled', value: true },
  ]);
  expect(pages).toEqual([['a'], ['b'], ['d']]);
  await recorder.settled();
});

test('where as many wait as may, the pause ends, and then there is room again', async () => {
  const { pages, write } = aBook();
  const recorder = createRecorder(write, { ...forever, mostWaiting: 2 });
  await recorder.record(aResult('a'));
  const later = [recorder.record(aResult('b')), recorder.record(aResult('c'))];
  await recorder.room();
  await Promise.all(later);
  expect(pages).toEqual([['a'], ['b', 'c']]);
});
