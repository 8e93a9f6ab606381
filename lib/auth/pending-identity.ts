import { cookies } from 'next/headers';
import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import { cookieOf } from '#lib/auth.ts';
import { webEnv } from '#lib/env.ts';

/*
 * Somebody whom an outside service knows and whose address it does not vouch for. The identity waits in this browser, sealed, until a
 * mailed link is opened here too: nobody else's click can tie it to an account.
 */

const PendingIdentity = z.object({ provider: z.string(), subject: z.string(), email: z.string(), name: z.string() });
export type PendingIdentity = z.infer<typeof PendingIdentity>;

const lifeSeconds = 30 * 60;
/** Derives a key of its own, so that this token can never pass for a session's. */
const salt = 'pending-identity';

export async function holdIdentity(identity: PendingIdentity): Promise<void> {
  const { name, options } = cookieOf('identity');
  const sealed = await encode({ token: identity, secret: webEnv().secret, salt, maxAge: lifeSeconds });
  (await cookies()).set(name, sealed, { ...options, maxAge: lifeSeconds });
}

export async function findHeldIdentity(): Promise<PendingIdentity | null> {
  const sealed = (await cookies()).get(cookieOf('identity').name)?.value;
  if (sealed === undefined) return null;
  const token = await decode({ token: sealed, secret: webEnv().secret, salt }).catch(() => null);
  return PendingIdentity.safeParse(token).data ?? null;
}

export async function dropIdentity(): Promise<void> {
  const { name, options } = cookieOf('identity');
  (await cookies()).set(name, '', { ...options, maxAge: 0 });
}
