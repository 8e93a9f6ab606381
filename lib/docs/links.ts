import { posix } from 'node:path';

/** Where a link of a page leads in the product: `../operators/proxy.md#nginx` to `/docs/operators/proxy#nginx`. */
export function addressOf(href: string, { audience, name }: { audience: string; name: string }): string {
  const [path = '', anchor] = href.split('#');
  const target = path === '' ? `${audience}/${name}.md` : posix.join(audience, path);
  const page = `/docs/${target.replace(/\.md$/, '')}`;
  return anchor === undefined ? page : `${page}#${anchor}`;
}
