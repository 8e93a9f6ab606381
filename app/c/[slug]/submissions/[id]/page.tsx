import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { requireUser, type User } from '#lib/auth.ts';
import { isBaselineTeam } from '#lib/db/baseline.ts';
import { findRole } from '#lib/db/competitions.ts';
import { getSubmissionFor, type SubmissionView } from '#lib/db/submission-views.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { findVoidingReason } from '#lib/db/voiding.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { sentenceOf } from '#lib/problems.ts';
import { Chip } from '#ui/chip.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { StateChips } from '#ui/state-chips.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type Visit, visit } from '../../visit.ts';
import { Details } from './details.tsx';
import { Standing } from './standing.tsx';
import { Voiding } from './voiding.tsx';
import { WholeResult } from './whole-result.tsx';

type Props = { params: Promise<{ slug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('upload.submission') };
}

export default async function SubmissionPage({ params }: Props) {
  const { slug, id } = await params;
  const v = await visit(slug);
  const user = await requireUser();
  const submission = await getSubmissionFor(webDatabase(), id, user).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  if (submission.slug !== slug) notFound();
  return (
    <>
      <p className="mb-3">
        <WayBack visit={v} submission={submission} user={user} />
      </p>
      <PageTitle level={2} lead={<Marks visit={v} submission={submission} />}>
        <span className="break-all">{submission.fileName || v.t('upload.unnamed')}</span>
      </PageTitle>
      <div className="space-y-6">
        {submission.voidedAt && (
          <Notice kind="error" title={v.t('upload.voided-title')}>
            {await findVoidingReason(webDatabase(), submission.id)}
          </Notice>
        )}
        <Standing visit={v} submission={submission} user={user} />
        <WholeResult visit={v} submission={submission} />
        <Warnings visit={v} submission={submission} />
        <Details visit={v} submission={submission} />
        {(await mayVoid(submission, user)) && <Voiding visit={v} submission={submission} />}
      </div>
    </>
  );
}

/** A member goes back to the team's files; whoever organises came from the console, and has no files here. */
async function WayBack({ visit, submission, user }: { visit: Visit; submission: SubmissionView; user: User }) {
  const { href, text } = await wayBackOf(visit, submission, user);
  return (
    <Link href={href} prefetch={false} className="link">
      ← {text}
    </Link>
  );
}

async function wayBackOf({ t, slug }: Visit, { competitionId, teamId }: SubmissionView, user: User) {
  const own = await findTeamOf(webDatabase(), competitionId, user.id);
  if (own?.id === teamId) return { href: `/c/${slug}/submissions`, text: t('upload.all-submissions') };
  if (await isBaselineTeam(webDatabase(), teamId)) {
    return { href: `/organise/${slug}/baseline`, text: t('console.baseline') };
  }
  return { href: `/organise/${slug}/teams/${teamId}`, text: t('upload.to-team') };
}

/** What organisers may do with files of teams; the baseline is replaced by pinning another. */
async function mayVoid({ competitionId, teamId }: SubmissionView, user: User): Promise<boolean> {
  const db = webDatabase();
  const organises = user.isAdministrator || (await findRole(db, competitionId, user.id)) === 'organiser';
  return organises && !(await isBaselineTeam(db, teamId));
}

type Part = { visit: Visit; submission: SubmissionView };

function Marks({ visit: { t }, submission }: Part) {
  return (
    <span className="flex flex-wrap gap-1.5">
      <StateChips t={t} submission={submission} />
      <Chip>{submission.split}</Chip>
    </span>
  );
}

function Warnings({ visit: { t }, submission }: Part) {
  if (submission.warnings.length === 0) return null;
  return (
    <Notice kind="warning" title={t('upload.warnings')}>
      <ul className="mt-1 list-disc space-y-1 pl-5">
        {submission.warnings.map((warning) => (
          <li key={warning.code}>{sentenceOf(warning, t)}</li>
        ))}
      </ul>
    </Notice>
  );
}
