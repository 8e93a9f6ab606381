/**
 * Runs both in turns and returns the milliseconds of the quickest run of each: other work on the machine only ever adds, so that the
 * quickest runs are alike where what is done is, on a busy machine as well. Who guesses from outside would look at them, too.
 */
export async function quickestOf(
  rounds: number,
  first: (round: number) => Promise<unknown>,
  second: (round: number) => Promise<unknown>,
): Promise<[number, number]> {
  const quickest: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    for (const [index, act] of [first, second].entries()) {
      const began = performance.now();
      await act(round);
      quickest[index] = Math.min(quickest[index]!, performance.now() - began);
    }
  }
  return quickest;
}
