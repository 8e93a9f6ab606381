import { createHash } from 'node:crypto';
import { cookies } from 'next/headers';
import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import { cookieOf, currentSession } from '#lib/auth.ts';
import { webEnv } from '#lib/env.ts';

/*
 * Somebody signed in who went to an outside service to connect it. What they are about stands in a sealed cookie that counts for one
 * journey there and back: it names the session and the `state` of that journey, so that nobody who comes back in this browser later, or
 * by an address that somebody else sent, is taken for them.
 */

const Linking = z.object({ sessionId: z.string(), provider: z.string(), journey: z.string() });

export type Linking = { status: 'none' } | { status: 'lapsed' } | { status: 'under-way'; userId: string };

const lifeSeconds = 15 * 60;
/** Derives a key of its own, so that this token can never pass for another. */
const salt = 'linking';

/** `state`: the cookie of the journey that begins now. */
export async function beginLinking(sessionId: string, provider: string, state: string): Promise<void> {
  const { name, options } = cookieOf('linking');
  const token = { sessionId, provider, journey: journeyOf(state) };
  const sealed = await encode({ token, secret: webEnv().secret, salt, maxAge: lifeSeconds });
  (await cookies()).set(name, sealed, { ...options, maxAge: lifeSeconds });
}

/** What the person who has just come back is about; it is over with that. `lapsed`: the session has ended on the way. */
export async function takeLinking(provider: string): Promise<Linking> {
  const jar = await cookies();
  const { name, options } = cookieOf('linking');
  const sealed = jar.get(name)?.value;
  if (sealed === undefined) return { status: 'none' };
  jar.set(name, '', { ...options, maxAge: 0 });
  const token = await decode({ token: sealed, secret: webEnv().secret, salt }).catch(() => null);
  const held = Linking.safeParse(token).data;
  const journey = journeyOf(jar.get(cookieOf('state').name)?.value ?? '');
  if (held === undefined || held.provider !== provider || held.journey !== journey) return { status: 'none' };
  const session = await currentSession();
  return session?.id === held.sessionId ? { status: 'under-way', userId: session.user.id } : { status: 'lapsed' };
}

function journeyOf(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}
