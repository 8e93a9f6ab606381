/** P(Z > z) of the standard normal distribution, with a relative error near 1e-14 in the upper tail. */
export function normalSurvival(z: number): number {
  return complementaryError(z * Math.SQRT1_2) / 2;
}

/** P(Z ≤ z) of the standard normal distribution. */
export function normalDistribution(z: number): number {
  return normalSurvival(-z);
}

/** P(|Z| ≥ |z|) of the standard normal distribution. */
export function normalTwoSided(z: number): number {
  return complementaryError(Math.abs(z) * Math.SQRT1_2);
}

/**
 * erfc(x). Below 2 by the series of positive terms erf(x) = 2/√π · e^(−x²) · Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, from 2 on by the continued
 * fraction of Laplace. Source: Abramowitz & Stegun (1964), 7.1.6 and 7.1.14.
 */
function complementaryError(x: number): number {
  if (x < 0) return 2 - complementaryError(-x);
  return x < 2 ? 1 - errorSeries(x) : errorFraction(x);
}

function errorSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * Number.EPSILON * 0.1; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function errorFraction(x: number): number {
  const terms = 80; // at x = 2 more of them change no bit
  let below = x;
  for (let n = terms; n >= 1; n -= 1) below = x + n / 2 / below;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / below;
}

/**
 * P(X ≤ k) of n tosses of a fair coin, exact but for rounding: terms are summed relative to the likeliest one, so that nothing
 * overflows for any n. Time grows with n.
 */
export function fairTail(k: number, n: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  const middle = Math.floor(n / 2);
  if (k > middle) return 1 - fairTail(n - k - 1, n);
  let term = 1;
  let half = 0;
  let tail = 0;
  for (let i = middle; i >= 0 && term > 0; i -= 1) {
    half += term;
    if (i <= k) tail += term;
    term *= i / (n - i + 1);
  }
  const total = n % 2 === 0 ? 2 * half - 1 : 2 * half;
  return tail / total;
}

/** Two-sided p of `first` against `second` successes, were either as likely; 1 where there is none. */
export function fairTwoSided(first: number, second: number): number {
  return Math.min(1, 2 * fairTail(Math.min(first, second), first + second));
}
