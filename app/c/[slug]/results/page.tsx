import type { Metadata } from 'next';
import { isRevealed } from '#lib/competition.ts';
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
  const { revealsAt, timeZone } = competition;
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
