import type { Metadata } from 'next';
import { isRevealed, phase } from '#lib/competition.ts';
import { findResults } from '#lib/db/results.ts';
import { webDatabase } from '#lib/db/web.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { AboutResults } from './about.tsx';
import { ResultTable } from './table.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('finals.results-title') };
}

export default async function ResultsPage({ params }: Props) {
  const v = await visit((await params).slug);
  const results = await findResults(webDatabase(), v.competition.id);
  if (results === null) return <NotYet visit={v} />;
  return (
    <>
      <PageTitle level={2} lead={v.t('finals.results-lead')}>
        {v.t('finals.results-title')}
      </PageTitle>
      <ResultTable visit={v} results={results} />
      <AboutResults visit={v} results={results} />
    </>
  );
}

function NotYet({ visit: { t, formats, competition, now } }: { visit: Visit }) {
  const { slug, revealsAt, timeZone } = competition;
  if (phase(competition, now) === 'revealing') {
    return (
      <EmptyState title={t('finals.results-revealing')}>
        <p>{t('finals.results-revealing-text')}</p>
        <p className="mt-4">
          {/* The audience's page is a document of its own, which the router cannot go to. */}
          <a href={`/live/${slug}`} className="link">
            {t('finals.results-follow')}
          </a>
        </p>
      </EmptyState>
    );
  }
  if (isRevealed(competition, now)) {
    return <EmptyState title={t('finals.results-soon')}>{t('finals.results-soon-text')}</EmptyState>;
  }
  const text =
    revealsAt === null
      ? t('finals.results-later-unknown')
      : t('finals.results-later-text', { at: formats.instant(revealsAt, timeZone) });
  return (
    <>
      <PageTitle level={2}>{t('finals.results-title')}</PageTitle>
      <EmptyState title={t('finals.results-later')}>{text}</EmptyState>
    </>
  );
}
