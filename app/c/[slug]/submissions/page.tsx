import type { Metadata } from 'next';
import Link from 'next/link';
import { errorRate } from '#lib/counts.ts';
import { getFinals, type TeamFinals } from '#lib/db/finals.ts';
import { getCardState } from '#lib/db/method-cards.ts';
import { listSubmissionsOf, type SubmissionView } from '#lib/db/submission-views.ts';
import { findTeamOf, type Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { StateChips } from '#ui/state-chips.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../language.ts';
import { FirstStep, firstStep } from '../first-step.tsx';
import { type Visit, visit } from '../visit.ts';
import { FinalChoice, FinalsPanel } from './finals.tsx';
import { Watch } from './watch.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('upload.submissions') };
}

export default async function SubmissionsPage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, slug, user, competition } = v;
  const team = user && (await findTeamOf(webDatabase(), competition.id, user.id));
  const upload = <LinkButton href={`/c/${slug}/submit`}>{t('upload.upload-another')}</LinkButton>;
  return (
    <>
      <PageTitle
        level={2}
        lead={team ? t('upload.submissions-lead', { team: team.name }) : null}
        actions={team ? upload : null}
      >
        {t('upload.submissions')}
      </PageTitle>
      {team ? <List visit={v} team={team} /> : <WithoutTeam visit={v} />}
    </>
  );
}

async function WithoutTeam({ visit: v }: { visit: Visit }) {
  const step = (await firstStep(v, null)) ?? 'team-first';
  return <FirstStep visit={v} name={step} here={`/c/${v.slug}/submissions`} />;
}

async function List({ visit: v, team }: { visit: Visit; team: Team }) {
  const { t, formats, competition, now } = v;
  const submissions = await listSubmissionsOf(webDatabase(), team.id);
  if (submissions.length === 0) {
    return <EmptyState title={t('upload.submissions-empty')}>{t('upload.submissions-empty-text')}</EmptyState>;
  }
  const finals = await getFinals(webDatabase(), competition, team.id);
  const card = await getCardState(webDatabase(), competition, team.id);
  const waiting = submissions.findLast((submission) => positionOf(submission) !== null);
  return (
    <>
      <FinalsPanel visit={v} finals={finals} card={card} />
      <Table
        caption={t('upload.submissions-caption', { zone: formats.zone(now, competition.timeZone) })}
        columns={[
          { label: t('upload.column-file') },
          { label: t('upload.column-state'), look: 'hidden sm:table-cell' },
          { label: t('upload.column-result'), look: 'number' },
        ]}
      >
        {submissions.map((submission) => (
          <Row key={submission.id} visit={v} submission={submission} finals={finals} />
        ))}
      </Table>
      {waiting && (
        <Watch
          id={waiting.id}
          state={waiting.status.state}
          position={positionOf(waiting)}
          watching={t('upload.watching')}
          lost={t('upload.watching-lost')}
        />
      )}
    </>
  );
}

type RowProps = { visit: Visit; submission: SubmissionView; finals: TeamFinals };

function Row({ visit, submission, finals }: RowProps) {
  const { t, formats, competition, slug } = visit;
  const { id, fileName, author, note, receivedAt, split } = submission;
  const facts = [author?.name ?? t('upload.somebody'), formats.shortInstant(receivedAt, competition.timeZone), split];
  return (
    <tr>
      <th scope="row" className="w-full">
        <Link href={`/c/${slug}/submissions/${id}`} prefetch={false} className="link break-all font-semibold">
          {fileName || t('upload.unnamed')}
        </Link>
        <p className="text-sm font-normal text-soft">{facts.join(' · ')}</p>
        {note && <p className="max-w-[60ch] text-sm font-normal">{note}</p>}
        <p className="mt-1.5 sm:hidden">
          <StateChips t={t} submission={submission} />
        </p>
        <FinalChoice visit={visit} finals={finals} submissionId={id} />
      </th>
      <td className="hidden sm:table-cell">
        <StateChips t={t} submission={submission} />
      </td>
      <td className="number">
        <Result t={t} formats={formats} submission={submission} />
      </td>
    </tr>
  );
}

function Result({ t, formats, submission }: Pick<Visit, 't' | 'formats'> & { submission: SubmissionView }) {
  const { status } = submission;
  switch (status.state) {
    case 'queued':
    case 'scoring':
      if (status.waitsFor === 'labels') return t('upload.queue-labels-short');
      return status.position !== null && t('upload.queue-short', { place: status.position });
    case 'rejected':
      return t('upload.problem-count', { count: status.problemCount });
    case 'failed':
      return t('upload.refunded');
    case 'scored': {
      if (status.verdict === 'no-improvement' || status.verdict === 'waiting') {
        return (
          <span className="whitespace-normal text-sm sm:whitespace-nowrap">{t(`upload.result-${status.verdict}`)}</span>
        );
      }
      const rate = status.dev ? errorRate(status.dev.words) : status.test && status.test.werPermille / 1000;
      return <b className="text-lg font-semibold">{formats.percent(rate)}</b>;
    }
  }
}

/** Null for what nobody waits for: finished, or late. */
function positionOf({ status }: SubmissionView): number | null {
  return 'position' in status ? status.position : null;
}
