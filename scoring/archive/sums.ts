import { createHash } from 'node:crypto';
import type { StoredEntry } from '#scoring/archive/files.ts';

/** Lines as `sha256sum --check` reads them. */
export function sumsOf(told: readonly { name: string; bytes: Uint8Array }[], stored: readonly StoredEntry[]): string {
  const lines = [
    ...told.map(({ name, bytes }) => [createHash('sha256').update(bytes).digest('hex'), name]),
    ...stored.map(({ file: { name }, sha256 }) => [sha256.toString('hex'), name]),
  ];
  return lines.map(([sum, name]) => `${sum}  ${name}\n`).join('');
}
