import type { Metadata } from 'next';
import Link from 'next/link';
import { currentUser, visitor } from '#lib/auth.ts';
import { type Competition, isOpen, nameOf, windows } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { getInvitedTeam } from '#lib/db/invites.ts';
import { hasAcceptedRules } from '#lib/db/rule-acceptances.ts';
import { findTeamOf, listMembers, type Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { refusingGuesses } from '#lib/identity/limits.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Facts } from '#ui/facts.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../language.ts';
import { join } from './actions.ts';

type Params = { params: Promise<{ token: string }> };
/** What an invite leads to, or why it no longer does. */
type Invitation = { team: Team } | { refused: RefusedError };
type Invited = { token: string; team: Team; competition: Competition; members: number; now: Date };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  // The address is the invite itself: it stays out of indexes and of other sites' logs.
  return { title: t('team.join-page'), robots: { index: false }, referrer: 'same-origin' };
}

export default async function JoinPage({ params }: Params) {
  const { token } = await params;
  const invitation = await readInvitation(token);
  if ('refused' in invitation) return <DeadLink refused={invitation.refused} />;
  const { team } = invitation;
  const db = webDatabase();
  const competition = await getCompetitionById(db, team.competitionId);
  const members = (await listMembers(db, team)).length;
  const invited = { token, team, competition, members, now: await readClock(db) };
  return (
    <div className="mx-auto max-w-2xl">
      <Heading invited={invited} />
      <WayIn invited={invited} />
    </div>
  );
}

async function readInvitation(token: string): Promise<Invitation> {
  try {
    const { network } = await visitor();
    return { team: await refusingGuesses(webDatabase(), network, () => getInvitedTeam(webDatabase(), token)) };
  } catch (error) {
    if (error instanceof RefusedError) return { refused: error };
    throw error;
  }
}

async function Heading({ invited: { team, competition, members } }: { invited: Invited }) {
  const { t, language, formats } = await pageLanguage();
  const name = (
    <Link href={`/c/${competition.slug}`} className="link">
      {nameOf(competition, language)}
    </Link>
  );
  const until = formats.instant(competition.teamChangesEndAt, competition.timeZone);
  return (
    <>
      <PageTitle>{t('team.join-into', { team: team.name })}</PageTitle>
      <Facts
        facts={[
          { term: t('team.join-competition'), value: name },
          {
            term: t('team.join-members'),
            value: t('team.member-count', { count: members, size: competition.teamSize }),
          },
          { term: t('team.join-until'), value: until },
        ]}
      />
    </>
  );
}

/** The button that joins, or the step that stands before it. */
async function WayIn({ invited }: { invited: Invited }) {
  const { t, formats } = await pageLanguage();
  const { token, team, competition: c, members, now } = invited;
  const user = await currentUser();
  const own = user === null ? null : await findTeamOf(webDatabase(), c.id, user.id);
  if (own?.id === team.id) {
    return <Step title={t('team.join-here')} href={`/c/${c.slug}/team`} action={t('team.join-here-link')} />;
  }
  if (!isOpen(windows(c).teamChanges, now)) {
    const isEarly = now < c.teamChangesStartAt;
    const start = formats.instant(c.teamChangesStartAt, c.timeZone);
    const end = formats.instant(c.teamChangesEndAt, c.timeZone);
    if (isEarly) return <Step title={t('team.join-early')} text={t('team.join-early-text', { start })} />;
    return <Step title={t('team.join-locked')} text={t('team.join-locked-text', { end })} />;
  }
  if (own !== null) {
    const title = t('team.join-elsewhere', { team: own.name });
    const action = t('team.join-elsewhere-link');
    return <Step title={title} text={t('team.join-elsewhere-text')} href={`/c/${c.slug}/team`} action={action} />;
  }
  if (members >= c.teamSize) {
    const title = t('team.join-full', { team: team.name });
    return <Step title={title} text={t('team.join-full-text', { size: c.teamSize })} />;
  }
  if (user === null) return <SignIn token={token} />;
  if (!(await hasAcceptedRules(webDatabase(), c, user.id))) {
    const href = withNext(`/c/${c.slug}/rules`, `/join/${token}`);
    return <Step text={t('team.join-rules-text')} href={href} action={t('team.join-rules')} />;
  }
  return (
    <ActionForm action={join.bind(null, token)} className="mt-8">
      <SubmitButton pending={t('team.joining')}>{t('team.join')}</SubmitButton>
    </ActionForm>
  );
}

type StepProps = { title?: string; text?: string; href?: string; action?: string };

function Step({ title, text, href, action }: StepProps) {
  return (
    <div className="mt-8 space-y-4 border-t border-rule pt-6">
      {title && <p className="text-lg font-semibold">{title}</p>}
      {text && <p className="max-w-prose">{text}</p>}
      {href && action && <LinkButton href={href}>{action}</LinkButton>}
    </div>
  );
}

async function SignIn({ token }: { token: string }) {
  const { t } = await pageLanguage();
  const back = `/join/${token}`;
  return (
    <div className="mt-8 space-y-4 border-t border-rule pt-6">
      <p className="max-w-prose">{t('team.join-sign-in-text')}</p>
      <div className="flex flex-wrap gap-3">
        <LinkButton href={withNext('/sign-in', back)}>{t('team.join-sign-in')}</LinkButton>
        <LinkButton href={withNext('/sign-up', back)} look="secondary">
          {t('team.join-sign-up')}
        </LinkButton>
      </div>
    </div>
  );
}

async function DeadLink({ refused }: { refused: RefusedError }) {
  const { t } = await pageLanguage();
  const home = <LinkButton href="/">{t('team.join-home')}</LinkButton>;
  if (refused.code === 'too-many-attempts') {
    return (
      <EmptyState title={t('team.join-guessed')} action={home}>
        {t('common.error-too-many-attempts', refused.values)}
      </EmptyState>
    );
  }
  if (refused.code !== 'invite-expired' && refused.code !== 'invite-revoked') {
    return (
      <EmptyState as="h1" title={t('team.join-unknown')} action={home}>
        {t('team.join-unknown-text')}
      </EmptyState>
    );
  }
  const title = refused.code === 'invite-expired' ? t('team.join-expired') : t('team.join-revoked');
  return (
    <EmptyState as="h1" title={title} action={home}>
      {t('team.join-dead-text', { team: refused.values.team ?? '' })}
    </EmptyState>
  );
}
