import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { type DocsPage, findDoc, neighboursOf } from '#lib/docs/library.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../language.ts';
import { DocsText } from '../../docs-text.tsx';
import { DocsFrame } from '../../frame.tsx';

type Props = { params: Promise<{ audience: string; name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title, lead } = await readPage(params);
  return { title, description: lead };
}

export default async function DocPage({ params }: Props) {
  const { t } = await pageLanguage();
  const page = await readPage(params);
  return (
    <DocsFrame current={page}>
      <p className="mb-2 text-sm text-soft">
        <Link href="/docs" prefetch={false} className="link">
          {t('docs.title')}
        </Link>
        {' · '}
        <Link href={`/docs/${page.audience}`} prefetch={false} className="link">
          {t(`docs.${page.audience}`)}
        </Link>
      </p>
      <PageTitle>{page.title}</PageTitle>
      <div className="gap-x-10 print:block min-[76rem]:grid min-[76rem]:grid-cols-[minmax(0,1fr)_12.5rem]">
        <div className="min-[76rem]:order-last">
          <Contents page={page} />
        </div>
        <article className="min-w-0">
          <DocsText page={page} />
          <Neighbours page={page} />
        </article>
      </div>
    </DocsFrame>
  );
}

/** The headings of the page: beside the text where there is room, else above it. */
async function Contents({ page }: { page: DocsPage }) {
  const { t } = await pageLanguage();
  const headings = page.sections.filter(({ depth }) => depth > 1);
  if (headings.length < 2) return null;
  return (
    <nav
      aria-label={t('docs.on-this-page')}
      className="screen-only mb-8 text-sm max-[76rem]:border-l-2 max-[76rem]:border-rule max-[76rem]:pl-4 min-[76rem]:sticky min-[76rem]:top-6 min-[76rem]:max-h-[calc(100dvh-3rem)] min-[76rem]:overflow-y-auto"
    >
      <p className="mb-2 font-semibold">{t('docs.on-this-page')}</p>
      <ul className="space-y-1.5">
        {headings.map(({ slug, heading, depth }) => (
          <li key={slug} className={depth === 3 ? 'pl-3 max-[76rem]:hidden' : undefined}>
            <a href={`#${slug}`} className="text-soft hover:text-accent">
              {heading}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

async function Neighbours({ page }: { page: DocsPage }) {
  const { t, language } = await pageLanguage();
  const { previous, next } = neighboursOf(language, page);
  return (
    <nav
      aria-label={t('docs.neighbours')}
      className="screen-only mt-14 flex flex-wrap justify-between gap-x-8 gap-y-4 border-t border-rule pt-6"
    >
      {previous !== null && <Neighbour page={previous} label={`← ${t('docs.previous')}`} />}
      {next !== null && <Neighbour page={next} label={`${t('docs.next')} →`} className="ml-auto text-right" />}
    </nav>
  );
}

function Neighbour({ page, label, className }: { page: DocsPage; label: string; className?: string }) {
  return (
    <Link href={`/docs/${page.audience}/${page.name}`} prefetch={false} className={className}>
      <span className="block text-sm text-soft">{label}</span>
      <span className="link font-medium">{page.title}</span>
    </Link>
  );
}

async function readPage(params: Props['params']): Promise<DocsPage> {
  const { audience, name } = await params;
  const { language } = await pageLanguage();
  return findDoc(language, audience, name) ?? notFound();
}
