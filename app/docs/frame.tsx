import Link from 'next/link';
import type { ReactNode } from 'react';
import { type DocsPage, listDocs } from '#lib/docs/library.ts';
import { audiences } from '#lib/docs/order.ts';
import { pageLanguage } from '../language.ts';
import { SearchForm } from './search-form.tsx';

type Props = { current?: DocsPage | undefined; query?: string; children: ReactNode };

/** A page of the documentation between the search and the way to all others: beside it, or folded above it on a phone. */
export async function DocsFrame({ current, query, children }: Props) {
  const { t } = await pageLanguage();
  return (
    <div className="gap-x-10 print:block lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <aside className="screen-only max-lg:mb-8">
        <div className="lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:-ml-3 lg:overflow-y-auto lg:pb-6 lg:pl-3">
          <SearchForm query={query} />
          <details className="mt-4 rounded-lg border border-rule px-4 py-2 lg:hidden">
            <summary className="font-medium">{t('docs.all-pages')}</summary>
            <Pages current={current} />
          </details>
          <div className="max-lg:hidden">
            <Pages current={current} />
          </div>
        </div>
      </aside>
      <div className="min-w-0">{children}</div>
    </div>
  );
}

async function Pages({ current }: Pick<Props, 'current'>) {
  const { t, language } = await pageLanguage();
  const pages = listDocs(language);
  return (
    <nav aria-label={t('docs.all-pages')} className="mt-5 space-y-5 pb-2 text-[0.9375rem]">
      {audiences.map((audience) => (
        <div key={audience}>
          <p className="mb-1 text-sm font-semibold">{t(`docs.${audience}`)}</p>
          <ul>
            {pages
              .filter((page) => page.audience === audience)
              .map((page) => (
                <li key={page.name}>
                  <Link
                    href={`/docs/${audience}/${page.name}`}
                    prefetch={false}
                    aria-current={page === current ? 'page' : undefined}
                    className="-ml-3 block rounded-md px-3 py-1 text-soft hover:text-accent aria-[current]:bg-sunk aria-[current]:font-medium aria-[current]:text-ink"
                  >
                    {page.title}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
      <Link href="/docs/api" prefetch={false} className="block font-semibold hover:text-accent">
        {t('api.title')}
      </Link>
    </nav>
  );
}
