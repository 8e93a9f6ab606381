/** Runs both in turns, so that a busy machine slows both alike, and returns the median milliseconds of each. */
export async function mediansOf(
  rounds: number,
  first: (round: number) => Promise<unknown>,
  second: (round: number) => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [index, act] of [first, second].entries()) {
      const began = performance.now();
      await act(round);
      times[index]!.push(performance.now() - began);
    }
  }
  return [median(times[0]), median(times[1])];
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
