import type { Metadata } from 'next';
import Link from 'next/link';
import { isOpen, type Split, windows } from '#lib/competition.ts';
import { mayReadData } from '#lib/db/rule-acceptances.ts';
import { listArchives, sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { ProfileExample } from '#ui/profile-example.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { Commitments } from './commitments.tsx';
import { Flags } from './flags.tsx';
import { Recordings } from './recordings.tsx';
import { SplitPanel } from './split-panel.tsx';
import { Toolkit } from './toolkit.tsx';

type Query = { split?: string | string[]; page?: string | string[] };
type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('data.title') };
}

export default async function DataPage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const { t, competition } = v;
  const summaries = await sumSplits(webDatabase(), competition.id);
  const archives = await listArchives(webDatabase(), competition.id);
  const mayRead = v.user !== null && (await mayReadData(webDatabase(), competition, v.user));
  const released = summaries.filter(({ split }) => isOpen(windows(competition)[split], v.now));
  return (
    <>
      <PageTitle level={2}>{t('data.title')}</PageTitle>
      <div className="space-y-5">
        {!mayRead && <Locked visit={v} />}
        {competition.isDemo && (
          <Notice kind="warning" title={t('data.demo-note')}>
            {t('data.demo-note-text')}
          </Notice>
        )}
        {summaries.length === 0 && <EmptyState title={t('data.empty')}>{t('data.empty-text')}</EmptyState>}
        {summaries.map((summary) => (
          <SplitPanel
            key={summary.split}
            visit={v}
            summary={summary}
            archive={archives.find(({ split }) => split === summary.split) ?? null}
            mayRead={mayRead}
          />
        ))}
        <Comparison visit={v} />
        {mayRead && <Toolkit visit={v} />}
        <Licence visit={v} />
        <Commitments visit={v} />
        {mayRead && v.user !== null && released.some(({ split }) => split === 'test') && (
          <Flags visit={v} user={v.user} />
        )}
        {mayRead && <Recordings visit={v} splits={released.filter(isHeard)} query={await searchParams} />}
      </div>
    </>
  );
}

function isHeard({ split }: { split: Split }): boolean {
  return split !== 'test';
}

function Locked({ visit: { t, user, slug } }: { visit: Visit }) {
  const here = `/c/${slug}/data`;
  if (user === null) {
    return (
      <EmptyState
        title={t('data.sign-in-first')}
        action={<LinkButton href={withNext('/sign-in', here)}>{t('common.sign-in')}</LinkButton>}
      >
        {t('data.sign-in-first-text')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t('data.rules-first')}
      action={<LinkButton href={withNext(`/c/${slug}/rules`, here)}>{t('data.to-rules')}</LinkButton>}
    >
      {t('data.rules-first-text')}
    </EmptyState>
  );
}

/** What becomes of texts before they are compared: whoever prepares files has to know it. */
function Comparison({ visit: { t, language, competition, slug } }: { visit: Visit }) {
  const { profile } = competition;
  if (!isProfileName(profile)) return null;
  return (
    <Panel title={t('data.comparison')}>
      <p className="mb-3 max-w-prose">{t(`competition.profile-${profile}`)}</p>
      <ProfileExample t={t} language={language} profile={profile} />
      <p className="mt-3">
        <Link href={`/c/${slug}/normalise`} prefetch={false} className="link">
          {t('scoring.normalise-link')}
        </Link>
      </p>
    </Panel>
  );
}

function Licence({ visit: { t, competition } }: { visit: Visit }) {
  if (!competition.licence && !competition.attribution) return null;
  return (
    <Panel title={t('data.licence')}>
      {competition.licence && <p className="font-medium">{competition.licence}</p>}
      {competition.attribution && <p className="max-w-prose whitespace-pre-line">{competition.attribution}</p>}
    </Panel>
  );
}
