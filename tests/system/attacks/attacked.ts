import { type RawAnswer, rawRequest } from '../../site.ts';
import type { TestStack } from '../../stack.ts';

/** An installation in which everybody has something, and who asks it: the callers of access.test.ts by their headers. */
export type Attacked = {
  stack: TestStack;
  headersOf: Readonly<Record<string, Record<string, string>>>;
  /** Ids and tokens that stand in paths. */
  places: Readonly<Record<string, string>>;
  /** What only the member may read, beside their team's organisers. */
  secretsOfMember: Readonly<Record<string, string>>;
};

/** As that caller, following nothing. */
export function askAs({ stack, headersOf }: Attacked, caller: string, path: string, init: RequestInit = {}) {
  const headers = { ...headersOf[caller], ...(init.headers as Record<string, string> | undefined) };
  return fetch(`${stack.origin}${path}`, { redirect: 'manual', ...init, headers });
}

/**
 * The path as it is written, dots and slashes too. Next sends a request of its router that lacks the digest of its headers to the
 * address that has it: there the data are.
 */
export async function askExactly(
  { stack, headersOf }: Attacked,
  caller: string,
  path: string,
  more: Record<string, string> = {},
): Promise<RawAnswer> {
  const get = (asked: string) =>
    rawRequest(`${stack.origin}${asked}`, { ...headersOf[caller], ...more }, [], { method: 'GET' });
  const first = await get(path);
  const there = String(first.headers.location ?? '');
  return first.status === 307 && /[?&]_rsc=/.test(there) ? get(there.replace(stack.origin, '')) : first;
}

/** Runs the act for each, a few at a time. */
export async function forEach<Item>(items: Iterable<Item>, act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const runNext = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: 6 }, runNext));
}
