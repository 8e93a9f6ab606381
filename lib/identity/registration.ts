import type { Connection } from '#lib/db/client.ts';
import { isExpected } from '#lib/db/expected-people.ts';
import type { EmailAddress } from '#lib/identity/email-address.ts';
import { type DomainPattern, isOfDomains } from '#lib/identity/email-domains.ts';

/** Who may make an account. Who has one keeps it, whatever this becomes. */
export type Registration =
  | { who: 'everybody' }
  | { who: 'domains'; domains: readonly DomainPattern[] }
  | { who: 'invited' };

/**
 * Whether an account may be made with this address, by mail and by an outside service alike. Who is on the roster of a course or was
 * asked by an organiser to help always may: somebody who runs the event has named the address. A captain's invitation opens
 * no account: captains take part themselves.
 */
export async function mayRegister(db: Connection, registration: Registration, address: EmailAddress): Promise<boolean> {
  if (registration.who === 'everybody') return true;
  // Asked for either way, so that the time of the answer does not tell whose domain is allowed.
  const expected = await isExpected(db, address.key);
  return expected || (registration.who === 'domains' && isOfDomains(registration.domains, address));
}
