/**
 * Runs both in turns and returns the milliseconds of processor that the lightest run of each took in this process, threads included. A
 * clock would show what else the machine does as well.
 */
export async function processorOf(
  rounds: number,
  first: (round: number) => Promise<unknown>,
  second: (round: number) => Promise<unknown>,
): Promise<[number, number]> {
  const least: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    for (const [index, act] of [first, second].entries()) {
      const began = process.cpuUsage();
      await act(round);
      const { user, system } = process.cpuUsage(began);
      least[index] = Math.min(least[index]!, (user + system) / 1000);
    }
  }
  return least;
}

/** By how much the heavier of two takes more, as a share of it. */
export function shareBetween(one: number, other: number): number {
  return Math.abs(one - other) / Math.max(one, other);
}
