import type { Metadata } from 'next';
import Link from 'next/link';
import { listDocs } from '#lib/docs/library.ts';
import { audiences } from '#lib/docs/order.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../language.ts';
import { DocsFrame } from './frame.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('docs.title') };
}

/** Where everybody finds what was written for them. */
export default async function DocsPage() {
  const { t, language } = await pageLanguage();
  const pages = listDocs(language);
  return (
    <DocsFrame>
      <PageTitle lead={t('docs.lead')}>{t('docs.title')}</PageTitle>
      <div className="mt-8 grid gap-10">
        {audiences.map((audience) => (
          <section key={audience} id={audience} aria-labelledby={`${audience}-heading`} className="scroll-mt-6">
            <h2 id={`${audience}-heading`} className="text-xl font-semibold tracking-tight">
              <Link href={`/docs/${audience}`} prefetch={false} className="hover:text-accent">
                {t(`docs.${audience}`)}
              </Link>
            </h2>
            <p className="mt-1 text-soft">{t(`docs.${audience}-lead`)}</p>
            <ul className="mt-4 grid gap-x-8 gap-y-2 sm:grid-cols-2">
              {pages
                .filter((page) => page.audience === audience)
                .map((page) => (
                  <li key={page.name}>
                    <Link href={`/docs/${audience}/${page.name}`} prefetch={false} className="link">
                      {page.title}
                    </Link>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </DocsFrame>
  );
}
