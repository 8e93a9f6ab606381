import type { Translate } from '#lib/messages/translate.ts';
import { WrongUsageError } from '../commands/problems.ts';

/**
 * The address of a server as somebody typed or copied it: with or without https://, of any of its pages. Machines at hand are asked
 * without encryption unless they are called https. Throws WrongUsageError.
 */
export function addressOf(typed: string, t: Translate): string {
  const text = typed.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const isNear = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/]|$)/i.test(text);
  const whole = hasScheme ? text : `${isNear ? 'http' : 'https'}://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new WrongUsageError([t('client.not-an-address', { typed: text })]);
  }
  // What was copied from a browser names a page; what comes before it is where the installation lives.
  const path = url.pathname.replace(/\/(api\/v1|c|account|sign-in|sign-up|docs|live|course|organise)(\/.*)?$/, '');
  return `${url.origin}${path.replace(/\/+$/, '')}`;
}

/** Whether a token may travel there: over https, or to this machine. */
export function isPrivate(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
