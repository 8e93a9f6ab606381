import { blank } from '#scoring/baseline/vocabulary.ts';

/** `loss`: −ln p(target), Infinity where no path spells the target. `gradient` [frames, symbols], then all zero. */
export type CtcResult = { readonly loss: number; readonly gradient: Float32Array };

/**
 * The CTC loss of one utterance and its gradient with respect to the logits (before the softmax), by forward–backward over the
 * target with blanks between its symbols, in Float64 logarithms. `logProbabilities` [frames, symbols]: natural logarithm, each
 * frame summing to one; `target`: no blanks. A target of L symbols with R immediate repetitions needs L + R frames.
 * Source: Graves et al., Connectionist Temporal Classification (2006), with β free of the emission of its own frame.
 */
export function ctcLoss(
  logProbabilities: Float32Array,
  frames: number,
  symbols: number,
  target: readonly number[],
): CtcResult {
  const gradient = new Float32Array(frames * symbols);
  const states = withBlanks(target);
  const forward = forwardOf(logProbabilities, frames, symbols, states);
  const count = states.length;
  const loss = -endOf(forward, frames, count);
  if (loss === Number.POSITIVE_INFINITY) return { loss, gradient };
  let after = lastStates(count);
  const posterior = new Float64Array(symbols);
  for (let frame = frames - 1; frame >= 0; frame--) {
    posterior.fill(0);
    for (let state = 0; state < count; state++) {
      posterior[states[state]!]! += Math.exp(forward[frame * count + state]! + after[state]! + loss);
    }
    for (let symbol = 0; symbol < symbols; symbol++) {
      const at = frame * symbols + symbol;
      gradient[at] = Math.exp(logProbabilities[at]!) - posterior[symbol]!;
    }
    if (frame > 0) after = stepBack(after, logProbabilities, frame * symbols, states);
  }
  return { loss, gradient };
}

/** The states of a path: blank, first symbol, blank, … , last symbol, blank. */
function withBlanks(target: readonly number[]): Int32Array {
  const states = new Int32Array(2 * target.length + 1).fill(blank);
  for (const [index, symbol] of target.entries()) states[2 * index + 1] = symbol;
  return states;
}

/** May a path go to this state from two before it, leaving out the blank between two different symbols? */
function skips(states: Int32Array, state: number): boolean {
  return state >= 2 && states[state] !== blank && states[state] !== states[state - 2];
}

/** α [frames, states]: ln of the probability of all beginnings of paths that stand in a state in a frame, its emission included. */
function forwardOf(logProbabilities: Float32Array, frames: number, symbols: number, states: Int32Array): Float64Array {
  const count = states.length;
  const forward = new Float64Array(frames * count).fill(Number.NEGATIVE_INFINITY);
  for (let state = 0; frames > 0 && state < Math.min(2, count); state++) {
    forward[state] = logProbabilities[states[state]!]!;
  }
  for (let frame = 1; frame < frames; frame++) {
    const before = (frame - 1) * count;
    for (let state = 0; state < count; state++) {
      const stayed = forward[before + state]!;
      const moved = state > 0 ? forward[before + state - 1]! : Number.NEGATIVE_INFINITY;
      const skipped = skips(states, state) ? forward[before + state - 2]! : Number.NEGATIVE_INFINITY;
      forward[frame * count + state] =
        logSum(stayed, moved, skipped) + logProbabilities[frame * symbols + states[state]!]!;
    }
  }
  return forward;
}

/** ln p(target): all paths that end in the last symbol or in the blank behind it. */
function endOf(forward: Float64Array, frames: number, count: number): number {
  // Without a frame there is one path, the empty one, and it spells the empty target.
  if (frames === 0) return count === 1 ? 0 : Number.NEGATIVE_INFINITY;
  const last = frames * count - 1;
  const symbolBefore = count > 1 ? forward[last - 1]! : Number.NEGATIVE_INFINITY;
  return logSum(forward[last]!, symbolBefore, Number.NEGATIVE_INFINITY);
}

function lastStates(count: number): Float64Array {
  const after = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  after.fill(0, Math.max(0, count - 2));
  return after;
}

/** β of the frame before: ln of the probability of all ways from each state through the frame that emits at `offset` to the end. */
function stepBack(
  after: Float64Array,
  logProbabilities: Float32Array,
  offset: number,
  states: Int32Array,
): Float64Array {
  const count = states.length;
  const arrived = after.map((value, state) => value + logProbabilities[offset + states[state]!]!);
  return arrived.map((stayed, state) =>
    logSum(
      stayed,
      state + 1 < count ? arrived[state + 1]! : Number.NEGATIVE_INFINITY,
      state + 2 < count && skips(states, state + 2) ? arrived[state + 2]! : Number.NEGATIVE_INFINITY,
    ),
  );
}

/** ln(eᵃ + eᵇ + eᶜ) without overflow; −Infinity where all are. */
function logSum(a: number, b: number, c: number): number {
  const largest = Math.max(a, b, c);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(Math.exp(a - largest) + Math.exp(b - largest) + Math.exp(c - largest));
}
