import type { Metadata } from 'next';
import { listAnnouncements } from '#lib/db/announcements.ts';
import { webDatabase } from '#lib/db/web.ts';
import { bodyIn, titleIn } from '#lib/news.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../language.ts';
import { visit } from '../visit.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('news.title') };
}

/** What the organisers said to everybody, newest first. */
export default async function NewsPage({ params }: Props) {
  const { t, formats, language, competition } = await visit((await params).slug);
  const all = await listAnnouncements(webDatabase(), competition.id);
  const print = (at: Date) => formats.instant(at, competition.timeZone);
  return (
    <>
      <PageTitle level={2}>{t('news.title')}</PageTitle>
      {all.length === 0 && <EmptyState title={t('news.none')}>{t('news.none-text')}</EmptyState>}
      <div className="divide-y divide-rule">
        {all.map((a) => (
          <article key={a.id} id={a.id} className="scroll-mt-6 py-6 first:pt-0">
            <h3 className="text-xl font-semibold tracking-tight">{titleIn(a, language)}</h3>
            <p className="mb-3 mt-1 text-sm text-soft">
              {print(a.publishedAt)}
              {a.editedAt && ` · ${t('news.edited', { at: print(a.editedAt) })}`}
            </p>
            <Markdown>{bodyIn(a, language)}</Markdown>
          </article>
        ))}
      </div>
    </>
  );
}
