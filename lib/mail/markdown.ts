import type { Element, Properties, Root, RootContent, Text } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { toHast } from 'mdast-util-to-hast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const parser = unified().use(remarkParse).use(remarkGfm);

const block = 'margin:0 0 16px';
const headingStyle = `${block};font-size:17px;line-height:1.4`;
const cell = 'padding:4px 12px 4px 0;text-align:left;vertical-align:top';
const styles: Record<string, string> = {
  ...Object.fromEntries(['h2', 'h3', 'h4'].map((tag) => [tag, headingStyle])),
  p: block,
  ul: `${block};padding-left:24px`,
  ol: `${block};padding-left:24px`,
  li: 'margin:0 0 4px',
  blockquote: `${block};padding-left:14px;border-left:3px solid #e3dfd6`,
  pre: `${block};white-space:pre-wrap;font-size:14px`,
  table: block,
  th: cell,
  td: cell,
  a: 'color:#1b54e6',
};
const headings: Record<string, string> = { h1: 'h2', h5: 'h4', h6: 'h4' };

/** Where the text is shown: the product's address, without a slash at its end, and the page below it. */
export type ShownAt = { site: string; path: string };

/**
 * Organisers' text as HTML for a mail, as their page shows it (app/_ui/markdown.tsx): HTML in it is dropped, a picture is its description,
 * links lead to http, https or mailto only, and those within the product get its address, as a mail stands nowhere.
 */
export function markdownForMail(markdown: string, shownAt: ShownAt): string {
  const tree = toHast(parser.parse(markdown)) as Root;
  return toHtml(tree.children.map((node) => restyled(node, shownAt)));
}

function restyled<Node extends RootContent>(node: Node, shownAt: ShownAt): Node | Element | Text {
  if (node.type !== 'element') return node;
  if (node.tagName === 'img') return { type: 'text', value: String(node.properties.alt ?? '') };
  if (node.tagName === 'input') return { type: 'text', value: node.properties.checked ? '☑' : '☐' };
  const tagName = headings[node.tagName] ?? node.tagName;
  const kept = tagName === 'a' ? linkTo(node, shownAt) : { start: node.properties.start };
  const children = node.children.map((child) => restyled(child, shownAt));
  return { ...node, tagName, properties: { ...kept, style: styles[tagName] }, children };
}

function linkTo({ properties }: Element, { site, path }: ShownAt): Properties {
  const href = String(properties.href ?? '');
  const base = `${site}${path}`;
  const address = /^\/(?!\/)/.test(href) ? `${site}${href}` : href;
  if (!URL.canParse(address, base)) return {};
  const url = new URL(address, base);
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? { href: url.href, className: ['link'] } : {};
}
