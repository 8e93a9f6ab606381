import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { type DevFile, devFileOf, findBaselineDevFile, findWaitingDevFile, listDevFiles } from '#lib/db/lab.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { DocsLink } from '../../../docs/docs-link.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { standingOf } from './access.ts';
import { ClosedLab, EmptyLab, WaitingLab } from './closed.tsx';
import { ComparisonPanel } from './comparison.tsx';
import { ErrorPanels } from './errors.tsx';
import { Head } from './head.tsx';
import { UtteranceList } from './list.tsx';
import { type LabQuery, type RawQuery, readQuery } from './query.ts';
import { select } from './selection.ts';
import { SlicesPanel } from './slices.tsx';
import { TryPanel } from './try.tsx';
import { UtterancePanel } from './utterance.tsx';
import type { Lab } from './view.ts';
import { analysisOf, comparisonOf, devSplit } from './work.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<RawQuery> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('lab.title') };
}

export default async function LabPage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const query = readQuery(await searchParams);
  const standing = await standingOf(webDatabase(), v.competition, v.user, v.now);
  if (standing.state !== 'open') return <ClosedLab visit={v} state={standing.state} />;
  const { team } = standing;
  const own = await listDevFiles(webDatabase(), team.id);
  const baseline = await findBaselineDevFile(webDatabase(), v.competition.id);
  const waiting = await findWaitingDevFile(webDatabase(), team.id);
  const asked = waiting !== null && (query.file === waiting.id || own.length === 0);
  if (asked) return <WaitingLab visit={v} file={waiting} />;
  if (own.length === 0 && query.file === null) return <EmptyLab visit={v} baseline={baseline} />;
  const lab = await openLab(v, { team, own, baseline }, query);
  const shown = select(lab.split.utterances, lab.analysis, query);
  return (
    <>
      <PageTitle level={2} lead={v.t('lab.lead')}>
        {v.t('lab.title')}
      </PageTitle>
      <div className="space-y-6">
        <Head lab={lab} />
        <TryPanel visit={v} />
        {lab.other && <ComparisonPanel lab={lab} other={lab.other} />}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <UtteranceList lab={lab} shown={shown} />
          <UtterancePanel lab={lab} shown={shown} />
        </div>
        <ErrorPanels lab={lab} />
        <SlicesPanel lab={lab} />
        <DocsLink to="teams/lab" />
      </div>
    </>
  );
}

type Shelf = { team: Team; own: readonly DevFile[]; baseline: DevFile | null };

/** Of the team's own files and the baseline's alone: any other id ends in the 404 page. */
async function openLab(visit: Visit, { team, own, baseline }: Shelf, query: LabQuery): Promise<Lab> {
  const files = baseline === null ? own : [...own, baseline];
  const named = (id: string) => {
    try {
      return devFileOf(files, id);
    } catch (error) {
      if (error instanceof NotFoundError) notFound();
      throw error;
    }
  };
  const file = query.file === null ? files[0]! : named(query.file);
  const against = query.against === null || query.against === file.id ? null : named(query.against);
  const split = await devSplit(visit.competition);
  const analysis = await analysisOf(split, file);
  const other = against && {
    file: against,
    analysis: await analysisOf(split, against),
    comparison: await comparisonOf(split, file, against),
  };
  return { visit, team, query, files, baseline, file, split, analysis, other };
}
