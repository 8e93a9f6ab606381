export const scheduleNames = ['constant', 'inverse', 'power', 'cosine'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** How the learning rate goes. */
export type Schedule = {
  readonly name: ScheduleName;
  /** α: what it begins with after the warm-up. */
  readonly learningRate: number;
  /** p of α/kᵖ; ½ to 1 for stochastic gradient descent to converge. */
  readonly power: number;
  /** Steps in which it rises from nothing to α. */
  readonly warmUpSteps: number;
};

/** `steps` before this one; `epochs` before this step, with fractions; `share` of the training that is over, by epochs or by time. */
export type Position = { readonly steps: number; readonly epochs: number; readonly share: number };

/**
 * The learning rate of one step. constant: α. inverse: α/k and power: α/kᵖ, where k grows from 1 by one in each epoch. cosine:
 * α · (1 + cos π·share) / 2, to zero at the end (Loshchilov & Hutter, 2017).
 */
export function learningRateAt(schedule: Schedule, { steps, epochs, share }: Position): number {
  const { name, learningRate, power, warmUpSteps } = schedule;
  const decay = {
    constant: () => 1,
    inverse: () => 1 / (1 + epochs),
    power: () => (1 + epochs) ** -power,
    cosine: () => (1 + Math.cos(Math.PI * Math.min(1, share))) / 2,
  }[name]();
  const warmUp = warmUpSteps > 0 ? Math.min(1, (steps + 1) / warmUpSteps) : 1;
  return learningRate * warmUp * decay;
}
