import { domainToASCII } from 'node:url';

export type EmailAddress = {
  /** As shown and written to. */
  email: string;
  /** As compared: equal keys are one mailbox to us. */
  key: string;
};

/** Of addresses that stand where an erased person's was: nobody reads them (RFC 2606). */
export const erasedDomain = '@erased.invalid';

const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * An address as a person typed it, or null where it is none. Unicode is normalised first and everything is checked after that: a
 * look-alike of `@` or of a comma must not turn into one behind the check (GHSA-7rqj-j65f-68wh). No quotes, comments, lists or
 * control characters; domains of any script become their ASCII form; the part before `@` is ASCII.
 */
export function parseEmailAddress(typed: string): EmailAddress | null {
  if (typed.length > 1_000) return null;
  const parts = typed.normalize('NFKC').trim().split('@');
  const [local = '', domainText = ''] = parts;
  if (parts.length !== 2 || local.length > 64 || !localPart.test(local)) return null;
  const domain = domainToASCII(domainText);
  const email = `${local}@${domain}`;
  if (!domainName.test(domain) || email.length > 254) return null;
  return { email, key: email.toLowerCase() };
}
