/** Where everybody looks for it, at the root of the host. */
export const securityTextPath = '/.well-known/security.txt';

const validDays = 180;

/** To whom a hole is told (RFC 9116): `contacts` are addresses, `site` is where people find Rostrum. */
export function securityText(contacts: readonly string[], site: string, now: Date): string {
  const expires = new Date(now.getTime() + validDays * 24 * 3_600_000);
  const lines = [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires.toISOString().slice(0, 10)}T00:00:00Z`,
    'Preferred-Languages: ru, en',
    `Canonical: ${new URL(securityTextPath, site).href}`,
    `Policy: ${site}/docs/operators/security`,
  ];
  return `${lines.join('\n')}\n`;
}
