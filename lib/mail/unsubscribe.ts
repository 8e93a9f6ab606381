import { createHmac, timingSafeEqual } from 'node:crypto';
import { isOptional, type OptionalCategory } from '#lib/mail/categories.ts';

/*
 * Links that end one kind of mail for one person, without signing in and for as long as the installation keeps its secret. They are
 * signed and not stored, since a mail may be read years later; they do that one thing and open nothing.
 */

export type Unsubscription = { userId: string; category: OptionalCategory };

/** Derives a key of its own, so that no other signature of ours can pass for this one. */
const purpose = 'rostrum unsubscribe 1';

export function signUnsubscription(secret: string, { userId, category }: Unsubscription): string {
  const said = `${userId}.${category}`;
  return `${said}.${signatureOf(secret, said).toString('base64url')}`;
}

/** Null for what we did not sign. */
export function readUnsubscription(secret: string, token: string): Unsubscription | null {
  const [userId = '', category = '', signature = ''] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(secret, `${userId}.${category}`);
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  return isOurs && isOptional(category) ? { userId, category } : null;
}

function signatureOf(secret: string, said: string): Buffer {
  const key = createHmac('sha256', secret).update(purpose).digest();
  return createHmac('sha256', key).update(said).digest();
}
