import type { Database } from '#lib/db/client.ts';
import type { TestStack } from '../../stack.ts';

/** An installation in which everybody has something, and who asks it: the callers of access.test.ts by their headers. */
export type Attacked = {
  stack: TestStack;
  owner: Database;
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
 * Follows to where the installation sends the caller on: Next sends its router to the address that holds the digest of its headers, and
 * only there the data are. `left`: the other host that it was sent to, or null.
 */
export async function follow(attacked: Attacked, caller: string, path: string, headers: Record<string, string> = {}) {
  const { origin } = attacked.stack;
  let at = path;
  for (let hops = 0; ; hops += 1) {
    const response = await askAs(attacked, caller, at, { headers });
    const body = await response.text();
    const location = response.headers.get('location');
    const next = location === null || hops > 3 ? null : new URL(location, `${origin}${at}`);
    if (next === null) return { status: response.status, body, left: null };
    if (next.origin !== origin) return { status: response.status, body, left: next.origin };
    at = next.pathname + next.search;
  }
}

/** Runs the act for each, a few at a time. */
export async function forEach<Item>(items: Iterable<Item>, act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const runNext = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: 6 }, runNext));
}
