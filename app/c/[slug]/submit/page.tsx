import type { Metadata } from 'next';
import Link from 'next/link';
import { isRevealed } from '#lib/competition.ts';
import { type Close, getClose } from '#lib/db/adjustments.ts';
import { findLadderThreshold } from '#lib/db/ladder.ts';
import { getQuota, type Quota } from '#lib/db/quota.ts';
import { findTeamOf, type Team } from '#lib/db/teams.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Facts } from '#ui/facts.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { uploadProps } from '#ui/upload-props.ts';
import type { Split } from '#ui/use-file-check.ts';
import { DocsLink } from '../../../docs/docs-link.tsx';
import { pageLanguage } from '../../../language.ts';
import { FirstStep, firstStep } from '../first-step.tsx';
import { Until } from '../until.tsx';
import { type Visit, visit } from '../visit.ts';
import { UploadForm } from './form.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ split?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('upload.title') };
}

export default async function SubmitPage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const { split } = await searchParams;
  return (
    <>
      <PageTitle level={2} lead={v.t('upload.lead')}>
        {v.t('upload.title')}
      </PageTitle>
      <State visit={v} asked={split === 'dev' ? 'dev' : 'test'} />
    </>
  );
}

/** The form, or the one step that stands before it. */
async function State({ visit: v, asked }: { visit: Visit; asked: Split }) {
  const { t, slug, user, competition: c, formats } = v;
  const here = `/c/${slug}/submit`;
  const team = user && (await findTeamOf(webDatabase(), c.id, user.id));
  const step = await firstStep(v, team);
  if (step !== null || team === null) return <FirstStep visit={v} name={step ?? 'team-first'} here={here} />;
  if (v.now < c.submissionsStartAt) {
    const start = formats.instant(c.submissionsStartAt, c.timeZone);
    return (
      <EmptyState title={t('upload.not-open')} action={<Until visit={v} at={c.submissionsStartAt} />}>
        {t('upload.not-open-text', { start })}
      </EmptyState>
    );
  }
  return <Open visit={v} team={team} asked={asked} />;
}

async function Open({ visit: v, team, asked }: { visit: Visit; team: Team; asked: Split }) {
  const { t, competition: c, slug, now } = v;
  const summaries = await sumSplits(webDatabase(), c.id);
  const splits = (['test', 'dev'] as const).filter((split) => summaries.some((summary) => summary.split === split));
  if (splits.length === 0) return <EmptyState title={t('upload.no-data')}>{t('upload.no-data-text')}</EmptyState>;
  const quota = await getQuota(webDatabase(), c, team.id, now);
  const close = await getClose(webDatabase(), c, team.id);
  const isLate = now >= close.closesAt;
  const threshold = await findLadderThreshold(webDatabase(), c, team.id);
  return (
    <div className="space-y-8">
      <Standing visit={v} quota={quota} close={close} isLate={isLate} threshold={threshold} />
      <noscript>
        <Notice kind="warning">{t('upload.no-script')}</Notice>
      </noscript>
      <UploadForm
        {...uploadProps(v)}
        timeZone={c.timeZone}
        splits={splits satisfies readonly Split[]}
        firstSplit={splits.includes(asked) ? asked : splits[0]!}
        isLate={isLate}
        attemptsLeft={quota.limit - quota.used}
      />
      <p>
        <Link href={`/c/${slug}/quick-start`} prefetch={false} className="link">
          {t('start.link')}
        </Link>
      </p>
      <p>
        <Link href={`/c/${slug}/normalise`} prefetch={false} className="link">
          {t('scoring.normalise-link')}
        </Link>
      </p>
      <DocsLink to="teams/predictions" />
    </div>
  );
}

type StandingProps = { visit: Visit; quota: Quota; close: Close; isLate: boolean; threshold: number | null };

/** Attempts left, when there will be new ones, until when files are taken, and what a new number takes. */
function Standing({ visit: v, quota, close, isLate, threshold }: StandingProps) {
  const { t, formats, competition: c } = v;
  if (isRevealed(c, v.now)) return <Notice title={t('upload.practice')}>{t('upload.practice-text')}</Notice>;
  if (isLate) {
    return (
      <Notice kind="warning" title={t('upload.late')}>
        {t('upload.late-text')}
      </Notice>
    );
  }
  const left = Math.max(0, quota.limit - quota.used);
  const reset = formats.instant(quota.resetsAt, c.timeZone);
  const end = formats.instant(close.closesAt, c.timeZone);
  const inTime = (at: Date) => (
    <>
      {t('upload.quota-reset-in')} <Until visit={v} at={at} />
    </>
  );
  return (
    <>
      <Facts
        facts={[
          { term: t('upload.quota-left'), value: t('upload.quota-value', { left, limit: quota.limit }) },
          { term: t('upload.quota-reset'), value: reset, note: inTime(quota.resetsAt) },
          {
            term: t('upload.closes'),
            value: close.isExtended ? t('people.own-close', { until: end }) : end,
            note: inTime(close.closesAt),
          },
          ...(threshold === null ? [] : [ladderFact(v, threshold)]),
        ]}
      />
      {left === 0 && (
        <Notice kind="warning" title={t('upload.quota-used-up')}>
          {t('upload.quota-used-up-text', { reset })}
        </Notice>
      )}
    </>
  );
}

/** `threshold` in thousandths. */
function ladderFact({ t, formats }: Visit, threshold: number) {
  return {
    term: t('upload.ladder-needs'),
    value: t('upload.ladder-needs-value', { points: formats.points(-threshold / 1000) }),
    note: t('upload.ladder-needs-note'),
  };
}
