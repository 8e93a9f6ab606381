import type { ReactNode } from 'react';
import { findLadderThreshold } from '#lib/db/ladder.ts';
import type { SubmissionStatus, SubmissionView } from '#lib/db/submission-views.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import type { User } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { failureSentence } from '#lib/failure-sentence.ts';
import { sentenceOf } from '#lib/problems.ts';
import type { Verdict } from '#lib/scores.ts';
import { LinkButton } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { Problems, problemsTexts } from '#ui/problems.tsx';
import type { Visit } from '../../visit.ts';
import { Watch } from '../watch.tsx';
import { DevResult } from './dev-result.tsx';

type Props = { visit: Visit; submission: SubmissionView };
type Of<State> = Props & { status: Extract<SubmissionStatus, { state: State }> };

/** What has become of the file: its place in the queue, its score, its problems, or why it could not be scored. */
export function Standing({ visit, submission, user }: Props & { user: User }): ReactNode {
  const { status } = submission;
  switch (status.state) {
    case 'queued':
    case 'scoring':
      return <Waiting visit={visit} submission={submission} status={status} />;
    case 'scored':
      return <Scored visit={visit} submission={submission} status={status} user={user} />;
    case 'rejected':
      return <Rejected visit={visit} submission={submission} status={status} />;
    case 'failed':
      return <Failed visit={visit} submission={submission} status={status} />;
  }
}

function Waiting({ visit: { t }, submission, status }: Of<'queued' | 'scoring'>) {
  const { state, position, waitsFor } = status;
  if (waitsFor !== null) return <Notice>{t(`upload.queue-${waitsFor}`)}</Notice>;
  // A voided file waits for nothing: its own panel says what became of it.
  if (position === null) return null;
  const place = position === 1 ? t('upload.queue-next') : position && t('upload.queue-place', { place: position });
  return (
    <Panel>
      <p role="status" className="text-lg font-semibold">
        {state === 'scoring' ? t('upload.scoring-now') : place}
      </p>
      <Watch
        id={submission.id}
        state={state}
        position={position}
        watching={t('upload.watching')}
        lost={t('upload.watching-lost')}
      />
    </Panel>
  );
}

async function Scored({ visit, submission, status, user }: Of<'scored'> & { user: User }) {
  const { t, formats } = visit;
  if (status.dev) {
    const own = await findTeamOf(webDatabase(), submission.competitionId, user.id);
    const lab = own?.id === submission.teamId ? `/c/${submission.slug}/lab?file=${submission.id}` : null;
    return <DevResult t={t} formats={formats} score={status.dev} lab={lab} />;
  }
  if (status.test) {
    const { werPermille, intervalPermille } = status.test;
    return (
      <Panel>
        <p className="text-soft">{t('upload.score-public')}</p>
        <p className="text-5xl font-semibold tracking-tight">{formats.percent(werPermille / 1000)}</p>
        {intervalPermille && (
          <p className="mt-1 text-soft">
            {t('upload.interval', { interval: formats.range(intervalPermille[0] / 1000, intervalPermille[1] / 1000) })}
          </p>
        )}
        {status.verdict === 'improvement' && <p className="mt-3">{t('upload.verdict-improvement')}</p>}
        <p className="mt-4">
          <LinkButton href={`/c/${visit.slug}/board`} look="secondary">
            {t('upload.to-board')}
          </LinkButton>
        </p>
      </Panel>
    );
  }
  if (status.verdict === 'no-improvement' || status.verdict === 'waiting') {
    return <WithoutNumber visit={visit} verdict={status.verdict} teamId={submission.teamId} />;
  }
  // What everybody may see by now says more.
  if (submission.whole !== null) return null;
  // The page has said so already, and on a ladder such a file has no number.
  if (submission.voidedAt) return null;
  const own = await findTeamOf(webDatabase(), submission.competitionId, user.id);
  return <Notice>{own?.id === submission.teamId ? t('upload.score-none') : t('upload.score-hidden')}</Notice>;
}

type WithoutNumberProps = { visit: Visit; verdict: Exclude<Verdict, 'improvement'>; teamId: string };

/** What the ladder says of a file that shows no number. */
async function WithoutNumber({ visit, verdict, teamId }: WithoutNumberProps) {
  const { t, formats, competition } = visit;
  const threshold = await findLadderThreshold(webDatabase(), competition, teamId);
  return (
    <Notice title={t(`upload.verdict-${verdict}`)}>
      <p>{t(`upload.verdict-${verdict}-text`)}</p>
      {threshold !== null && <p>{t('upload.verdict-threshold', { points: formats.points(-threshold / 1000) })}</p>}
    </Notice>
  );
}

function Rejected({ visit: { t, slug }, status }: Of<'rejected'>) {
  const { problems, problemCount } = status;
  const shown = problems.map((problem) => ({ ...problem, sentence: sentenceOf(problem, t) }));
  const isCut = shown.length < problemCount;
  return (
    <>
      <Notice kind="error" title={t('upload.rejected-title', { count: problemCount })}>
        {t('upload.rejected-text')}
      </Notice>
      <Problems
        problems={shown}
        texts={problemsTexts(t)}
        more={isCut && t('upload.broken-more', { shown: shown.length, total: problemCount })}
      />
      <LinkButton href={`/c/${slug}/submit`}>{t('upload.upload-another')}</LinkButton>
    </>
  );
}

function Failed({ visit: { t, slug }, submission, status }: Of<'failed'>) {
  return (
    <>
      <Notice kind="error" title={t('upload.failed-title')}>
        <p>{failureSentence(status.reason, t)}</p>
        <p>{submission.split === 'test' ? t('upload.failed-refunded') : t('upload.failed-free')}</p>
        <p>{t('upload.failed-again')}</p>
      </Notice>
      <LinkButton href={`/c/${slug}/submit`}>{t('upload.upload-another')}</LinkButton>
    </>
  );
}
