import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { log } from '#lib/log.ts';

/*
 * Passwords that are known from leaks elsewhere, where the operator names a source of them: a file of SHA-1 digests, or a service that is told
 * five digits of forty and answers with all that begin so. Neither is shipped, and nothing is asked unless it is set.
 */

/** `file`: lines `SHA1:count` in their order, as Have I Been Pwned hands them out; `url`: what five digits are put behind. */
export type LeakSource = { file: string } | { url: string };

const prefixDigits = 5;
/** Somebody waits for their account meanwhile. */
const answerWithinMs = 2_000;
/** A line is 40 digits, a colon and a count. */
const longestLineBytes = 64;

/** False also where the source cannot be read now, which the log then says: nobody is kept from an account by it. */
export async function isLeaked(
  password: string,
  source: LeakSource | null,
  withinMs = answerWithinMs,
): Promise<boolean> {
  if (source === null) return false;
  const digest = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
  try {
    return 'file' in source ? await isInFile(source.file, digest) : await isKnownAt(source.url, digest, withinMs);
  } catch (error) {
    log.warn({ err: error }, 'leaked passwords could not be asked for, a new password went unchecked');
    return false;
  }
}

async function isKnownAt(url: string, digest: string, withinMs: number): Promise<boolean> {
  const response = await fetch(`${url.replace(/\/$/, '')}/${digest.slice(0, prefixDigits)}`, {
    // The length of the answer tells nobody on the way which prefix was asked for.
    headers: { 'Add-Padding': 'true' },
    redirect: 'error',
    signal: AbortSignal.timeout(withinMs),
  });
  if (!response.ok) throw new Error(`the service of leaked passwords answered ${response.status}`);
  const lines = (await response.text()).split(/\r?\n/);
  // Lines that are padding have the count 0.
  return lines.some((line) => line.toUpperCase().startsWith(`${digest.slice(prefixDigits)}:`) && !line.endsWith(':0'));
}

async function isInFile(path: string, digest: string): Promise<boolean> {
  const file = await open(path);
  try {
    // The first line that begins after `low` is not before the digest, that after `high` is not either: they close in on where it would be.
    let [low, high] = [0, (await file.stat()).size];
    while (high - low > longestLineBytes) {
      const middle = Math.floor((low + high) / 2);
      const line = (await linesFrom(file, middle))[1] ?? '';
      if (line.slice(0, digest.length).toUpperCase() < digest && line !== '') low = middle;
      else high = middle;
    }
    const near = await linesFrom(file, Math.max(0, low - longestLineBytes), 4);
    return near.some((line) => line.toUpperCase().startsWith(`${digest}:`));
  } finally {
    await file.close();
  }
}

/** Of so many lines' length from a place on; the first is whatever is left of the line that the place is in. */
async function linesFrom(file: FileHandle, position: number, lines = 2): Promise<string[]> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(lines * longestLineBytes), { position });
  return buffer.toString('latin1', 0, bytesRead).split(/\r?\n/);
}
