import { domainToASCII, domainToUnicode } from 'node:url';
import type { EmailAddress } from '#lib/identity/email-address.ts';

/** `uni.example` means that domain alone, `*.uni.example` every domain below it and not itself. In ASCII, lower case. */
export type DomainPattern = { domain: string; isBelow: boolean };

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const wholeDomain = new RegExp(`^(?:${label}\\.)+${label}$`);
/** Below a country or another top-level domain there are universities, too: `*.edu`. */
const domainAbove = new RegExp(`^(?:${label}\\.)*${label}$`);

/** As an operator writes it, in any script, with an `@` before it or the root's dot behind; null for what is no domain. */
export function parseDomainPattern(typed: string): DomainPattern | null {
  const text = typed.normalize('NFKC').trim().replace(/^@/, '').replace(/\.$/, '');
  const isBelow = text.startsWith('*.');
  const domain = domainToASCII(isBelow ? text.slice(2) : text);
  return (isBelow ? domainAbove : wholeDomain).test(domain) ? { domain, isBelow } : null;
}

/** By whole labels: neither `evil-uni.example` nor `uni.example.evil.org` is of `uni.example`. */
export function isOfDomains(patterns: readonly DomainPattern[], address: EmailAddress): boolean {
  const domain = address.key.slice(address.key.indexOf('@') + 1);
  return patterns.some((pattern) =>
    pattern.isBelow ? domain.endsWith(`.${pattern.domain}`) : domain === pattern.domain,
  );
}

/** For people: each in the script of its owner. */
export function domainList(patterns: readonly DomainPattern[]): string {
  return patterns.map(({ domain, isBelow }) => (isBelow ? '*.' : '') + domainToUnicode(domain)).join(', ');
}
