/*
 * What a page leads to, and what of it lies outside of the path that the site stands below.
 */

/** Every address in the markup of a page, of its scripts and styles too, as a browser would resolve it on `page`. */
export function addressesIn(html: string, page: string): string[] {
  const values = [...html.matchAll(/\s(?:href|src|action|formaction|poster)="([^"]*)"/gi)].map(
    ([, value = '']) => value,
  );
  return [...new Set(values.map((value) => new URL(value.replaceAll('&amp;', '&'), page).href))];
}

/** Those of the addresses that are of the site's host and not below the site. */
export function strays(addresses: readonly string[], site: string): string[] {
  const { origin, pathname } = new URL(site);
  return addresses.filter((address) => {
    const url = new URL(address);
    return url.origin === origin && url.pathname !== pathname && !url.pathname.startsWith(`${pathname}/`);
  });
}

/** Addresses of a host that a text writes out in full: in JSON, in commands to copy. */
export function writtenOut(text: string, host: string): string[] {
  return text.match(new RegExp(`${host.replaceAll('.', '\\.')}[\\w/.~-]*`, 'g')) ?? [];
}
