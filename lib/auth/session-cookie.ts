import { decode } from 'next-auth/jwt';

/*
 * The cookie that names a session, for the web and for the desk of the scoring side. It is next-auth's encrypted token.
 */

/** Bound to this host and to https where the installation has it. */
export function cookieName(name: string, origin: string): string {
  return `${origin.startsWith('https:') ? '__Host-' : ''}rostrum-${name}`;
}

/** The id of the session that the cookie's value names; null where it is none of ours. */
export async function sessionIdIn(value: string | undefined, secret: string): Promise<string | null> {
  const claims = value === undefined ? null : await decode({ token: value, secret }).catch(() => null);
  return typeof claims?.sessionId === 'string' ? claims.sessionId : null;
}
