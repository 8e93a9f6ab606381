import pg from 'pg';
import { vi } from 'vitest';

/** What the time of an answer is made of: what the database is asked, and milliseconds of processor here, threads included. */
export type Work = { statements: string[]; processorMs: number };

/**
 * Runs both in turns and returns the work of each: the statements of its last run, and the processor's time of its lightest. A clock
 * would show what else the machine does as well; who guesses from outside can see no more of an answer than what is done for it.
 */
export async function workOf(
  rounds: number,
  first: (round: number) => Promise<unknown>,
  second: (round: number) => Promise<unknown>,
): Promise<[Work, Work]> {
  const none: Work = { statements: [], processorMs: Number.POSITIVE_INFINITY };
  const works: [Work, Work] = [none, none];
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  for (let round = 0; round < rounds; round++) {
    for (const [index, act] of [first, second].entries()) {
      asked.mockClear();
      const began = process.cpuUsage();
      await act(round);
      const { user, system } = process.cpuUsage(began);
      const processorMs = Math.min(works[index]!.processorMs, (user + system) / 1000);
      works[index] = { statements: asked.mock.calls.map(([query]) => textOf(query)), processorMs };
    }
  }
  asked.mockRestore();
  return works;
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as { text: string }).text;
}

/** By how much the heavier takes more of a processor, as a share of it. */
export function moreProcessor(one: Work, other: Work): number {
  const [less, more] = [one.processorMs, other.processorMs].sort((a, b) => a - b) as [number, number];
  return (more - less) / more;
}
