import { isIP, isIPv4, isIPv6 } from 'node:net';

/**
 * What limits count and session lists show for an address: IPv4 as it is, IPv6 as its /64 network, because one subscriber has
 * all of it and can change the rest at will. 'unknown' for what is not an address.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return 'unknown';
  const groups = groupsOf(plain);
  if (isMapped(groups)) return mappedIPv4(groups);
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Whether a connection came from this machine itself. */
export function isLoopback(address: string): boolean {
  if (isIP(address) === 0) return false;
  if (isIPv4(address)) return address.startsWith('127.');
  const groups = groupsOf(address.replace(/%.*$/, ''));
  if (isMapped(groups)) return mappedIPv4(groups).startsWith('127.');
  return groups.every((group, index) => group === (index === 7 ? 1 : 0));
}

/** The eight 16-bit groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  // A URL writes every form of an address (a dotted tail, upper case) in one way.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const start = read(head);
  const end = read(tail ?? '');
  return [...start, ...Array<number>(8 - start.length - end.length).fill(0), ...end];
}

function isMapped(groups: number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

function mappedIPv4(groups: number[]): string {
  return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
}
