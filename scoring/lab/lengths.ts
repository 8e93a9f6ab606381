/** Classes of recordings by their seconds, each from its first number to below its second. */
export const lengthNames = ['0-2', '2-5', '5-10', '10-20', '20-'] as const;
export type LengthName = (typeof lengthNames)[number];

/** Null where the duration is not known. */
export function lengthName(seconds: number | null): LengthName | null {
  if (seconds === null) return null;
  if (seconds < 2) return '0-2';
  if (seconds < 5) return '2-5';
  if (seconds < 10) return '5-10';
  return seconds < 20 ? '10-20' : '20-';
}
