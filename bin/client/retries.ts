import { brokenNetworkCodes } from '#lib/network-codes.ts';

/*
 * When to try again, and how long to wait before: pure.
 */

/**
 * How long the client goes on trying, counted from the last time that anything arrived: for who only looks, and for what was begun and
 * has to be ended.
 */
export const patienceMs = { look: 10_000, work: 90_000 };

const firstWaitMs = 500;
const longestWaitMs = 15_000;

/** Doubling from half a second, by chance up to half of it shorter, so that a hall full of clients does not come back as one. */
export function waitBefore(attempt: number, chance: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** attempt) * (1 - chance / 2);
}

/** Seconds to wait by a Retry-After header (RFC 9110 §10.2.3: seconds or a date); null where it says nothing. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | null {
  if (header === undefined || header.trim() === '') return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const until = Date.parse(header);
  return Number.isNaN(until) ? null : Math.max(0, Math.ceil((until - now.getTime()) / 1000));
}

/** Answers of a server, or of a proxy before it, that says: not now. Of 429 only those whose end is near. */
export function isPassing(status: number, seconds: number | null, patience: number): boolean {
  if (status === 429) return seconds !== null && seconds * 1000 <= patience;
  return status === 502 || status === 503 || status === 504;
}

/** Breaks of the network, and servers that are just being started again. */
export function isPassingError(code: string): boolean {
  return brokenNetworkCodes.includes(code) || code === 'ECONNABORTED';
}
