import { blank } from './vocabulary.ts';

/** One symbol of an aligned text: it is heard from `firstFrame` up to but not including `endFrame`. */
export type AlignedSymbol = {
  readonly symbol: number;
  readonly firstFrame: number;
  readonly endFrame: number;
  /** The highest that the network gave it in those frames. CTC puts a symbol on a frame or two, so the mean would say less. */
  readonly probability: number;
};

/**
 * Where each symbol of a labelling is heard: the likeliest path through the CTC lattice (Viterbi). `logProbabilities`
 * [frames, symbols]. Null where the labelling needs more frames than there are, or has no probability. Takes two bytes for each
 * frame and symbol of the labelling, 17 MB for two minutes: longer speech should come in pieces.
 */
export function alignSymbols(
  logProbabilities: Float32Array,
  frames: number,
  symbols: number,
  labelling: readonly number[],
): AlignedSymbol[] | null {
  if (labelling.length === 0) return [];
  if (frames === 0) return null;
  const { steps, end } = likeliestPath(logProbabilities, frames, symbols, labelling);
  if (end === null) return null;
  const states = 2 * labelling.length + 1;
  const stateOf = new Int32Array(frames);
  let state = end;
  for (let frame = frames - 1; frame >= 0; frame -= 1) {
    stateOf[frame] = state;
    state -= steps[frame * states + state]!;
  }
  const spans = spansOf(stateOf, labelling.length);
  return labelling.map((symbol, index) => {
    const { firstFrame, endFrame } = spans[index]!;
    let best = Number.NEGATIVE_INFINITY;
    for (let frame = firstFrame; frame < endFrame; frame += 1) {
      best = Math.max(best, logProbabilities[frame * symbols + symbol]!);
    }
    return { symbol, firstFrame, endFrame, probability: Math.exp(best) };
  });
}

/** `steps` [frames, states]: how many states back the path came from. States are blank, first symbol, blank, second, … blank. */
function likeliestPath(
  logProbabilities: Float32Array,
  frames: number,
  symbols: number,
  labelling: readonly number[],
): { steps: Uint8Array; end: number | null } {
  const states = 2 * labelling.length + 1;
  const steps = new Uint8Array(frames * states);
  const symbolOf = (state: number) => (state % 2 === 0 ? blank : labelling[(state - 1) / 2]!);
  let before = new Float64Array(states).fill(Number.NEGATIVE_INFINITY);
  let now = new Float64Array(states);
  // One state before the first frame, from which the first blank and the first symbol can be reached.
  before[0] = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    for (let state = 0; state < states; state += 1) {
      const canSkip = state % 2 === 1 && state > 1 && symbolOf(state) !== symbolOf(state - 2);
      let step = 0;
      if (state > 0 && before[state - 1]! > before[state]!) step = 1;
      if (canSkip && before[state - 2]! > before[state - step]!) step = 2;
      steps[frame * states + state] = step;
      now[state] = before[state - step]! + logProbabilities[frame * symbols + symbolOf(state)]!;
    }
    [before, now] = [now, before];
  }
  const end = before[states - 1]! >= before[states - 2]! ? states - 1 : states - 2;
  return { steps, end: before[end]! > Number.NEGATIVE_INFINITY ? end : null };
}

function spansOf(stateOf: Int32Array, length: number): { firstFrame: number; endFrame: number }[] {
  const spans = Array.from({ length }, () => ({ firstFrame: 0, endFrame: 0 }));
  for (let frame = stateOf.length - 1; frame >= 0; frame -= 1) {
    const state = stateOf[frame]!;
    if (state % 2 === 0) continue;
    const span = spans[(state - 1) / 2]!;
    if (span.endFrame === 0) span.endFrame = frame + 1;
    span.firstFrame = frame;
  }
  return spans;
}
