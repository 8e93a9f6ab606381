import type { ComponentProps, ElementType } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

/**
 * Organisers' text. HTML in it is dropped, addresses are limited to http, https, mailto and our own, a picture is its
 * description, and headings start at h2, below the page's. Server components only: the parser is not sent to the browser.
 */
export function Markdown({ children }: { children: string }) {
  return (
    <div className="prose">
      <ReactMarkdown remarkPlugins={[remarkGfm]} skipHtml components={components}>
        {children}
      </ReactMarkdown>
    </div>
  );
}

const components = {
  h1: heading('h2'),
  h2: heading('h2'),
  h3: heading('h3'),
  h4: heading('h4'),
  h5: heading('h4'),
  h6: heading('h4'),
  a: ({ href, children }: ComponentProps<'a'>) =>
    href?.startsWith('http') ? (
      <a href={href} rel="noopener noreferrer nofollow">
        {children}
      </a>
    ) : (
      <a href={href}>{children}</a>
    ),
  img: ({ alt }: ComponentProps<'img'>) => alt,
  table: WideTable,
};

/** A table of a text: wider than a phone, it scrolls by itself, by keyboard too. */
export function WideTable({ children }: ComponentProps<'table'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="relative overflow-x-auto">
      <table>{children}</table>
    </div>
  );
}

function heading(Tag: ElementType) {
  return ({ children, id }: ComponentProps<'h2'>) => <Tag id={id}>{children}</Tag>;
}
