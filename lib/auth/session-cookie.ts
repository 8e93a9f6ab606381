import { decode } from 'next-auth/jwt';
import { basePathOf } from '#lib/base-path.ts';

/*
 * The cookie that names a session, for the web and for the desk of the scoring side. It is next-auth's encrypted token.
 */

/** Bound to https where the installation has it, and then to this host: but for one below a path, whose cookies are of that path. */
export function cookieName(name: string, origin: string): string {
  const prefix = basePathOf(origin) === '' ? '__Host-' : '__Secure-';
  return `${origin.startsWith('https:') ? prefix : ''}rostrum-${name}`;
}

/** The id of the session that the cookie's value names; null where it is none of ours. */
export async function sessionIdIn(value: string | undefined, secret: string): Promise<string | null> {
  const claims = value === undefined ? null : await decode({ token: value, secret }).catch(() => null);
  return typeof claims?.sessionId === 'string' ? claims.sessionId : null;
}
