import type { OpenIdSettings } from '#lib/identity/settings.ts';

/** Somebody as an outside service describes them. */
export type OutsidePerson = {
  subject: string;
  email: string;
  /** Whether the service's word makes this their address here. */
  isEmailVerified: boolean;
  name: string;
  /** Whether they are among those whom this installation lets in by it. */
  isAdmitted: boolean;
};

export function isTrusted(trust: OpenIdSettings['trustsEmail'], email: string, isCalledVerified: boolean): boolean {
  return email !== '' && (trust === 'all' || (trust === 'verified' && isCalledVerified));
}
