import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { log } from '#lib/log.ts';

/*
 * What a request is before anybody answers it: its true address, and no header that only we may set.
 */

/** Node answers these three for itself; what else a server wants to know of its settings. */
export type Site = { origin: string; basePath: string; isProduction: boolean; isDevelopment: boolean };

/** Headers that steer Next's inside, or that later parts take our word for. A client's are dropped. */
const inner = /^(x-(rostrum|middleware|invoke|matched|next|now|vercel|forwarded)-|x-real-ip$|forwarded$|next-resume$)/;
const innerOfReload = /^x-nextjs-/;

/**
 * Cleans the request's headers and says who sent it: `x-rostrum-address`, `x-rostrum-path` and `x-rostrum-arrived` (milliseconds
 * of this process) are then ours. In production the public name is the configured one, whatever a proxy or a client says.
 */
export function receive(request: IncomingMessage, site: Site, isTrusted: (address: string) => boolean): string {
  const { headers } = request;
  const address = addressOf(request, isTrusted);
  for (const name of Object.keys(headers)) {
    const isInner = inner.test(name) || (!site.isDevelopment && innerOfReload.test(name));
    if (isInner || name.startsWith('content-security-policy')) delete headers[name];
  }
  headers['x-rostrum-address'] = address;
  headers['x-rostrum-path'] = request.url ?? '/';
  headers['x-rostrum-arrived'] = String(performance.now());
  if (site.isProduction) {
    const { host, protocol } = new URL(site.origin);
    headers.host = host;
    headers['x-forwarded-host'] = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
  }
  return address;
}

/**
 * Gives the request the id by which log, answer and problem document know it: the one of a trusted proxy, as a UUID or as nginx writes
 * its own, 32 digits without hyphens; else a new one.
 */
export function identify(request: IncomingMessage, isTrusted: (address: string) => boolean): string {
  const given = isTrusted(request.socket.remoteAddress ?? '') ? [request.headers['x-request-id']].flat()[0] : undefined;
  const parts = /^([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})$/i.exec(given ?? '');
  const id = parts === null ? randomUUID() : parts.slice(1).join('-').toLowerCase();
  request.headers['x-request-id'] = id;
  return id;
}

/** The id that `identify` gave it; a new one where a request never came so far. */
export function requestIdOf({ headers }: IncomingMessage): string {
  return [headers['x-request-id']].flat()[0] ?? randomUUID();
}

/** Whether the path can be decoded; Next takes one that cannot for a fault of its own. */
export function isWellFormed(url: string): boolean {
  try {
    decodeURIComponent(url.split('?')[0]!);
    return true;
  } catch {
    return false;
  }
}

/** The path of a request for a log: without its query, and without the secret that the path of a link is. */
export function loggedPath(url: string): string {
  return url.split('?')[0]!.replace(/\/(join|stage|jury|unsubscribe)\/[^/]+/, '/$1/…');
}

/** The last address that a trusted proxy did not add: who connected, or who connected to it. */
function addressOf(request: IncomingMessage, isTrusted: (address: string) => boolean): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  let address = request.socket.remoteAddress ?? '';
  while (isTrusted(address)) {
    const previous = withoutPort(forwarded.pop()?.trim() ?? '');
    if (isIP(previous) === 0) break;
    address = previous;
  }
  return address;
}

/** Of so many addresses, each once: anybody may send the header. */
const mostWarnings = 5;

/** Tells the operator that a proxy is not trusted: limits then take everybody behind it for one. */
export function warnOfStrangers(isTrusted: (address: string) => boolean): (request: IncomingMessage) => void {
  const told = new Set<string>();
  return ({ headers, socket: { remoteAddress = '' } }) => {
    if (headers['x-forwarded-for'] === undefined || isTrusted(remoteAddress)) return;
    if (told.has(remoteAddress) || told.size === mostWarnings) return;
    told.add(remoteAddress);
    log.warn(
      { from: remoteAddress },
      'requests with X-Forwarded-For come from an address that TRUSTED_PROXIES does not name. If it is your proxy, name it: until then everybody behind it counts as one',
    );
  };
}

/** Some proxies tell the port as well: `192.0.2.7:5060`, `[2001:db8::7]:5060`. */
function withoutPort(address: string): string {
  return /^\[(.*)\](:\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1');
}

/** Whether an address is one of the proxies, given as addresses and networks in CIDR notation. */
export function trustIn(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [network = '', prefix] = proxy.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Whether the request is for the address bar: a document, and not the data that Next's router asks for under the same path. */
export function wantsDocument(request: IncomingMessage): boolean {
  const { method, headers } = request;
  return (
    (method === 'GET' || method === 'HEAD') &&
    headers.rsc === undefined &&
    headers['next-router-prefetch'] === undefined &&
    headers['next-action'] === undefined
  );
}

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key = '', ...value] = part.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

/** Of the encodings that we make, the best that the client takes. */
export function encodingFor(request: IncomingMessage): 'br' | 'gzip' | 'identity' {
  const accepted = [request.headers['accept-encoding'] ?? ''].flat().join(',');
  const takes = (name: string) => new RegExp(`(^|[\\s,])${name}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`, 'i').test(accepted);
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity';
}

export function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers });
  response.end(body);
}
