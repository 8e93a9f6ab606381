import Link from 'next/link';
import { type ComponentProps, isValidElement } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import type { DocsPage } from '#lib/docs/library.ts';
import { addressOf } from '#lib/docs/links.ts';
import { headingIds } from '#lib/docs/page.ts';
import { pictureOf } from '#lib/docs/pictures.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { CodeBlock } from '#ui/code-block.tsx';
import { WideTable } from '#ui/markdown.tsx';
import { pageLanguage } from '../language.ts';

/** The text of a page, as react-markdown makes it safe: HTML is dropped, addresses are limited. Links lead to the product's pages. */
export async function DocsText({ page }: { page: DocsPage }) {
  const { t } = await pageLanguage();
  return (
    <div className="prose docs">
      <ReactMarkdown remarkPlugins={[remarkGfm, headingIds]} skipHtml components={componentsFor(page, t)}>
        {page.body}
      </ReactMarkdown>
    </div>
  );
}

function componentsFor(page: DocsPage, t: Translate) {
  return {
    a: ({ href = '', children }: ComponentProps<'a'>) =>
      /^https?:|^mailto:/.test(href) ? (
        <a href={href} rel="noopener noreferrer">
          {children}
        </a>
      ) : (
        <Link href={addressOf(href, page)} prefetch={false}>
          {children}
        </Link>
      ),
    h2: heading('h2', t),
    h3: heading('h3', t),
    pre: ({ children }: ComponentProps<'pre'>) => <Fence t={t}>{children}</Fence>,
    img: ({ src, alt }: ComponentProps<'img'>) => <Picture src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
    table: WideTable,
  };
}

/** With a sign that gives the address of the place. */
function heading(Tag: 'h2' | 'h3', t: Translate) {
  return ({ id, children }: ComponentProps<'h2'>) => (
    <Tag id={id} className="group">
      {children}
      <a
        href={`#${id}`}
        aria-label={t('docs.link-here')}
        className="screen-only ml-2 text-soft no-underline opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
      >
        #
      </a>
    </Tag>
  );
}

function Fence({ t, children }: { t: Translate; children: ComponentProps<'pre'>['children'] }) {
  const code = isValidElement<{ className?: string; children?: unknown }>(children) ? children.props : {};
  return (
    <CodeBlock t={t} language={code.className?.replace('language-', '') ?? ''} text={String(code.children).trimEnd()} />
  );
}

/** A picture of a page, dark beside a dark page where there is one. */
function Picture({ src, alt }: { src: string; alt: string }) {
  const picture = pictureOf(src);
  if (picture === null) return alt;
  const { light, dark, width, height } = picture;
  const image = (address: string, shownIn: string) => (
    // biome-ignore lint/performance/noImgElement: small files as they are; Next's component would only add JavaScript
    <img
      src={address}
      alt={alt}
      width={width}
      height={height}
      loading="lazy"
      className={`h-auto rounded-lg border border-rule ${shownIn}`}
    />
  );
  if (dark === null) return image(light, '');
  return (
    <>
      {image(light, 'in-light')}
      {image(dark, 'in-dark')}
    </>
  );
}
