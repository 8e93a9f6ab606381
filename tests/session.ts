import { encode } from 'next-auth/jwt';
import { cookieName } from '#lib/auth/session-cookie.ts';
import type { Connection } from '#lib/db/client.ts';
import { createSession } from '#lib/db/sessions.ts';

/*
 * Who is signed in where a test is not about signing in: a session that is there, and the cookie that the web would have given.
 */

/** What the cookie says of a session, sealed by the installation's secret; `sessionId` may be of none that was ever there. */
export function sealed(sessionId: string, secret: string): Promise<string> {
  return encode({ token: { sessionId }, secret });
}

/** Begins a session of the person, and returns what the cookie says of it. */
export async function sealedSession(db: Connection, userId: string, secret: string): Promise<string> {
  return sealed(await createSession(db, { userId, userAgent: 'test', network: '127.0.0.1' }), secret);
}

/** The header of somebody who has just signed in; `origin` decides what the cookie is called. */
export async function sessionCookie(
  { secret, origin = 'http://127.0.0.1' }: { secret: string; origin?: string },
  db: Connection,
  userId: string,
): Promise<{ Cookie: string }> {
  return { Cookie: `${cookieName('session', origin)}=${await sealedSession(db, userId, secret)}` };
}
