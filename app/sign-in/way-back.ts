import { webEnv } from '#lib/env.ts';
import { localPath } from '#lib/identity/local-path.ts';

/** A page's query as it comes: any name may be missing, or stand there twice. */
export type Query = Record<string, string | string[] | undefined>;
export type Search = { searchParams: Promise<Query> };

/**
 * Where to go after signing in: where the person was going, as a path or (from next-auth) as an address of ours, but never back
 * to a door they have just come through.
 */
export function wayBack(next: unknown): string {
  const { origin } = webEnv();
  const path =
    typeof next !== 'string' ? '/' : localPath(next.startsWith(`${origin}/`) ? next.slice(origin.length) : next);
  return /^\/(sign-in|sign-up|confirm|reset)\b/.test(path) ? '/' : path;
}
