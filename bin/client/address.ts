import type { Translate } from '#lib/messages/translate.ts';
import { WrongUsageError } from '../commands/problems.ts';

/** A segment, or two, that pages and the API of an installation begin with. */
const pages = /\/(api\/v1|c|account|sign-in|sign-up|docs|live|course|organise)(?=\/|$)/g;

/**
 * Where the server may be that somebody typed, or copied from a browser: with or without https://, of any of its pages. What comes
 * before a page is where the installation lives; it may live below a path that is called like a page, so there are several, likeliest
 * first, and only the servers can say which. Machines at hand are asked without encryption unless they are called https. Throws
 * WrongUsageError.
 */
export function addressesOf(typed: string, t: Translate): [likeliest: string, ...others: string[]] {
  const text = typed.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const isNear = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/]|$)/i.test(text);
  const whole = hasScheme ? text : `${isNear ? 'http' : 'https'}://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new WrongUsageError([t('client.not-an-address', { typed: text })]);
  }
  const path = url.pathname.replace(/\/+$/, '');
  const [likeliest = path, ...others] = [...path.matchAll(pages)].map(({ index }) => path.slice(0, index));
  const paths = new Set([likeliest, ...others, path]);
  const [first, ...rest] = [...paths].map((one) => `${url.origin}${one.replace(/\/+$/, '')}`);
  return [first ?? url.origin, ...rest];
}

/** The one that this person has a token for; without one, the likeliest. Nobody is asked. */
export function knownAddress(typed: string, servers: Readonly<Record<string, unknown>>, t: Translate): string {
  const addresses = addressesOf(typed, t);
  // The longest: what was kept for it is all of the path, not what is left of it where pages of the same name are.
  return addresses.findLast((address) => Object.hasOwn(servers, address)) ?? addresses[0];
}

/** Whether a token may travel there: over https, or to this machine. */
export function isPrivate(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
