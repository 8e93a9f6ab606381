import { expect, test } from 'vitest';
import { createLanes, type Piece } from '#scoring/jobs/lanes.ts';

/** Work that is done when it is said to be; `looks` counts how often somebody looked for some. */
function aDesk() {
  const waiting: string[] = [];
  const open = new Map<string, () => void>();
  const begun: string[] = [];
  const desk = {
    waiting,
    begun,
    looks: 0,
    finish: (piece: string) => open.get(piece)?.(),
    async take(): Promise<Piece | null> {
      desk.looks += 1;
      const piece = waiting.shift();
      if (piece === undefined) return null;
      begun.push(piece);
      return { isFollowed: waiting.length > 0, done: new Promise<void>((resolve) => open.set(piece, resolve)) };
    },
  };
  return desk;
}

const fail = (error: unknown) => {
  throw error;
};

const settled = () => new Promise(setImmediate);

test('one long piece holds up no other', async () => {
  const desk = aDesk();
  const lanes = createLanes(2, desk.take, fail);
  desk.waiting.push('long');
  await lanes.wake();
  desk.waiting.push('short');
  const woken = lanes.wake();
  await settled();
  expect(desk.begun).toEqual(['long', 'short']);
  desk.finish('short');
  await woken;
  desk.finish('long');
  await lanes.settled();
});

test('no more are in flight than there are lanes, and whoever calls meanwhile is heard', async () => {
  const desk = aDesk();
  const lanes = createLanes(1, desk.take, fail);
  desk.waiting.push('first', 'second');
  const woken = lanes.wake();
  await settled();
  expect(desk.begun).toEqual(['first']);
  desk.finish('first');
  await settled();
  expect(desk.begun).toEqual(['first', 'second']);
  await woken;
  desk.waiting.push('third');
  void lanes.wake();
  await settled();
  expect(desk.begun).toEqual(['first', 'second']);
  desk.finish('second');
  await settled();
  expect(desk.begun.at(-1)).toBe('third');
  desk.finish('third');
  await lanes.settled();
});

test('one piece costs one look, and a call that finds nothing another', async () => {
  const desk = aDesk();
  const lanes = createLanes(2, desk.take, fail);
  desk.waiting.push('only');
  await lanes.wake();
  desk.finish('only');
  await lanes.settled();
  expect(desk.looks).toBe(1);
  await lanes.wake();
  expect(desk.looks).toBe(2);
});

test('a call while somebody looks is not lost, though the look found nothing', async () => {
  const answers: ((piece: Piece | null) => void)[] = [];
  const lanes = createLanes(1, () => new Promise((resolve) => answers.push(resolve)), fail);
  void lanes.wake();
  void lanes.wake();
  answers.shift()!(null);
  await settled();
  expect(answers).toHaveLength(1);
  answers.shift()!(null);
  await lanes.settled();
});

test('work that fails is reported, and the next call begins again', async () => {
  const errors: unknown[] = [];
  let attempts = 0;
  const take = async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('database away');
    return { isFollowed: false, done: Promise.reject(new Error('thread away')) };
  };
  const lanes = createLanes(2, take, (error) => errors.push(error));
  await lanes.wake();
  await lanes.wake();
  await lanes.settled();
  expect(errors).toEqual([new Error('database away'), new Error('thread away')]);
  expect(attempts).toBe(2);
});
