/**
 * Half precision (IEEE 754 binary16) as weights are kept on disk: half the bytes, relative error at most 2⁻¹¹ from 6.1e-5 to 65504.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Rounded to nearest, ties to even; beyond 65504 it becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i += 1) halves[i] = halfOf(values[i]!);
  return halves;
}

export function fromFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i += 1) values[i] = floatOf(halves[i]!);
  return values;
}

function halfOf(value: number): number {
  float[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const fraction = word & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const half = exponent - 112; // the bias of 127 becomes one of 15
  if (half >= 0x1f) return sign | 0x7c00;
  if (half < -10) return sign;
  // Below the smallest normal number the hidden one is written out and shifted.
  const [kept, shift] = half > 0 ? [(half << 23) | fraction, 13] : [0x800000 | fraction, 14 - half];
  const cut = kept >>> shift;
  const rest = kept & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const up = rest > middle || (rest === middle && (cut & 1) === 1);
  return sign | (cut + (up ? 1 : 0));
}

function floatOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
