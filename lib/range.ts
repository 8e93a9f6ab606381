/** What a Range header asks of `size` bytes; `end` is the last byte's index. */
export type Range = { start: number; end: number } | 'whole' | 'unsatisfiable';

/**
 * RFC 9110 §14. Several ranges in one request, and units or forms we do not know, are answered with the whole, as the RFC allows:
 * a client that resumes a download asks for one range.
 */
export function parseRange(header: string | null, size: number): Range {
  const asked = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (asked === null) return 'whole';
  const first = asked[1] === '' ? null : Number(asked[1]);
  const last = asked[2] === '' ? null : Number(asked[2]);
  if (first === null && last === null) return 'whole';
  if (first === null)
    return last === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - last!), end: size - 1 };
  if (last !== null && last < first) return 'whole';
  if (first >= size) return 'unsatisfiable';
  return { start: first, end: Math.min(last ?? size - 1, size - 1) };
}
