import { localPath } from '#lib/identity/local-path.ts';

/** A page's query as it comes: any name may be missing, or stand there twice. */
export type Search = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Where to go after signing in: where the person was going, but never back to a door they have just come through. */
export function wayBack(next: unknown): string {
  const path = typeof next === 'string' ? localPath(next) : '/';
  return /^\/(sign-in|sign-up|confirm|reset)\b/.test(path) ? '/' : path;
}
