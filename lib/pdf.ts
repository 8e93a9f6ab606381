import { RefusedError } from '#lib/errors.ts';

/*
 * Whether bytes are a PDF, from its first byte to its last: what is served under that name from our origin must be nothing else.
 */

export const maxSlidesBytes = 25 * 2 ** 20;

/**
 * Refuses with 'slides-no-pdf' what does not begin as a PDF of version 1 or 2, does not end as one, or whose last cross-reference
 * table is not where it says; with 'slides-encrypted' what would ask for a password on the stage. Source: ISO 32000-2, §7.5.
 */
export function requirePdf(bytes: Buffer): void {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 2048));
  // Readers look for the header in the first kilobyte. We do not: a file that begins as something else may be read as that.
  const hasHeader = /^%PDF-[12]\.\d[\s%]/.test(bytes.toString('latin1', 0, 9));
  const end = /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(tail);
  const table =
    end && Number(end[1]) < bytes.length ? bytes.toString('latin1', Number(end[1]), Number(end[1]) + 64) : '';
  if (!hasHeader || !/^\s*(xref\s|\d+\s+\d+\s+obj\b)/.test(table)) throw new RefusedError('slides-no-pdf', 422);
  if (isEncrypted(bytes, Number(end![1]))) throw new RefusedError('slides-encrypted', 422);
}

/** The trailer, or the dictionary of the cross-reference stream, names an encryption dictionary. */
function isEncrypted(bytes: Buffer, at: number): boolean {
  const place = bytes.indexOf('trailer', at, 'latin1');
  const trailer = bytes.toString('latin1', place < 0 ? at : place, (place < 0 ? at : place) + 4096);
  return /\/Encrypt\s+\d+\s+\d+\s+R/.test(trailer.split(/\bstream\b|startxref/)[0]!);
}
