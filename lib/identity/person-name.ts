export const longestPersonName = 100;

/** A person's name as they typed it: NFC, single spaces, 1 to 100 characters, no control or direction marks; else null. */
export function personName(typed: string): string | null {
  const name = typed.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const length = [...name].length;
  return length === 0 || length > longestPersonName || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}<>]/u.test(name) ? null : name;
}
