import { expect, test } from 'vitest';
import { createLanes } from '#scoring/jobs/lanes.ts';

/** Work that is done when it is said to be. */
function aDesk() {
  const waiting: string[] = [];
  const open = new Map<string, () => void>();
  const begun: string[] = [];
  const next = async () => {
    const piece = waiting.shift();
    if (piece === undefined) return false;
    begun.push(piece);
    await new Promise<void>((resolve) => open.set(piece, resolve));
    return true;
  };
  return { waiting, begun, next, finish: (piece: string) => open.get(piece)?.() };
}

const fail = (error: unknown) => {
  throw error;
};

test('one long piece holds up no other', async () => {
  const desk = aDesk();
  const lanes = createLanes(2, desk.next, fail);
  desk.waiting.push('long');
  await lanes.wake();
  desk.waiting.push('short');
  const woken = lanes.wake();
  await Promise.resolve();
  expect(desk.begun).toEqual(['long', 'short']);
  desk.finish('short');
  await woken;
  desk.finish('long');
  await lanes.settled();
});

test('no more are in flight than there are lanes, and whoever calls meanwhile is heard', async () => {
  const desk = aDesk();
  const lanes = createLanes(1, desk.next, fail);
  desk.waiting.push('first', 'second');
  const woken = lanes.wake();
  await Promise.resolve();
  expect(desk.begun).toEqual(['first']);
  desk.finish('first');
  await new Promise(setImmediate);
  expect(desk.begun).toEqual(['first', 'second']);
  desk.finish('second');
  await woken;
  desk.waiting.push('third');
  void lanes.wake();
  await new Promise(setImmediate);
  expect(desk.begun.at(-1)).toBe('third');
  desk.finish('third');
  await lanes.settled();
});

test('work that fails is reported, and the next call begins again', async () => {
  const errors: unknown[] = [];
  let attempts = 0;
  const next = async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('database away');
    return false;
  };
  const lanes = createLanes(1, next, (error) => errors.push(error));
  await lanes.wake();
  await lanes.wake();
  expect(errors).toEqual([new Error('database away')]);
  expect(attempts).toBe(2);
});
