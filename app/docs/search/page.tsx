import type { Metadata } from 'next';
import Link from 'next/link';
import { type Found, searchDocs } from '#lib/docs/search.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../language.ts';
import { DocsFrame } from '../frame.tsx';

type Props = { searchParams: Promise<{ q?: string | string[] }> };

/** Longer questions are cut: nobody types them. */
const longestQuery = 200;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('docs.search-title'), robots: { index: false } };
}

export default async function SearchPage({ searchParams }: Props) {
  const { t, language } = await pageLanguage();
  const { q } = await searchParams;
  const query = typeof q === 'string' ? q.slice(0, longestQuery).trim() : '';
  const found = query === '' ? [] : searchDocs(language, query);
  return (
    <DocsFrame query={query}>
      <PageTitle lead={query !== '' && t('docs.search-count', { count: found.length, query })}>
        {t('docs.search-title')}
      </PageTitle>
      {query === '' && <EmptyState title={t('docs.search-empty')} />}
      {query !== '' && found.length === 0 && (
        <EmptyState title={t('docs.search-none')}>{t('docs.search-advice')}</EmptyState>
      )}
      <ol className="mt-6 max-w-[68ch] space-y-6">
        {found.map((one) => (
          <Result key={`${one.audience}/${one.name}#${one.slug}`} found={one} audience={t(`docs.${one.audience}`)} />
        ))}
      </ol>
    </DocsFrame>
  );
}

function Result({ found, audience }: { found: Found; audience: string }) {
  const { title, heading, slug, excerpt, name } = found;
  const address = `/docs/${found.audience}/${name}${slug === '' ? '' : `#${slug}`}`;
  return (
    <li>
      <h2 className="font-semibold">
        <Link href={address} prefetch={false} className="link">
          {heading === '' ? title : heading}
        </Link>
      </h2>
      <p className="text-sm text-soft">{heading === '' ? audience : `${audience} · ${title}`}</p>
      <p className="mt-1">
        {excerpt.map(({ at, text, isHit }) =>
          isHit ? (
            <mark key={at} className="bg-you text-ink">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </p>
    </li>
  );
}
