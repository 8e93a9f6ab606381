import type { Metadata } from 'next';
import { type Competition, isOpen, windows } from '#lib/competition.ts';
import { hasAcceptedRules } from '#lib/db/rule-acceptances.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { longestTeamName, shortestTeamName } from '#lib/team-name.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { foundTeam } from './actions.ts';
import { NameField } from './name-field.tsx';
import { nameProblems } from './name-problems.ts';
import { OwnTeam } from './own-team.tsx';

type Params = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('team.title') };
}

export default async function TeamPage({ params }: Params) {
  const v = await visit((await params).slug);
  return (
    <>
      <PageTitle level={2}>{v.t('team.title')}</PageTitle>
      <State visit={v} />
    </>
  );
}

async function State({ visit: v }: { visit: Visit }) {
  const { t, user, competition, slug } = v;
  if (user === null) {
    const signIn = <LinkButton href={withNext('/sign-in', `/c/${slug}/team`)}>{t('common.sign-in')}</LinkButton>;
    return <EmptyState title={t('team.sign-in-first')} action={signIn} />;
  }
  const team = await findTeamOf(webDatabase(), competition.id, user.id);
  if (team !== null) return <OwnTeam visit={v} team={team} user={user} />;
  if (!(await hasAcceptedRules(webDatabase(), competition, user.id))) {
    const toRules = (
      <LinkButton href={withNext(`/c/${slug}/rules`, `/c/${slug}/team`)}>{t('team.to-rules')}</LinkButton>
    );
    return (
      <EmptyState title={t('team.rules-first')} action={toRules}>
        {t('team.rules-first-text')}
      </EmptyState>
    );
  }
  if (!isOpen(windows(competition).teamChanges, v.now)) return <NotNow visit={v} />;
  return <NoTeam visit={v} competition={competition} />;
}

function NotNow({ visit: { t, formats, competition: c, now } }: { visit: Visit }) {
  if (now < c.teamChangesStartAt) {
    const start = formats.instant(c.teamChangesStartAt, c.timeZone);
    return <EmptyState title={t('team.opens-later')}>{t('team.opens-later-text', { start })}</EmptyState>;
  }
  const end = formats.instant(c.teamChangesEndAt, c.timeZone);
  return <EmptyState title={t('team.closed-without-team')}>{t('team.closed-without-team-text', { end })}</EmptyState>;
}

function NoTeam({ visit: { t, slug }, competition }: { visit: Visit; competition: Competition }) {
  return (
    <div className="grid gap-5 lg:grid-cols-[3fr_2fr]">
      <Panel title={t('team.create-title')}>
        <p className="mb-5 max-w-prose text-soft">{t('team.create-lead', { size: competition.teamSize })}</p>
        <ActionForm action={foundTeam.bind(null, slug)}>
          <NameField
            label={t('team.name')}
            hint={t('team.name-hint', { shortest: shortestTeamName, longest: longestTeamName })}
            problems={nameProblems(t)}
          />
          <SubmitButton className="mt-5" pending={t('team.creating')}>
            {t('team.create')}
          </SubmitButton>
        </ActionForm>
      </Panel>
      {competition.teamSize > 1 && (
        <Panel title={t('team.join-title')}>
          <p className="text-soft">{t('team.join-lead')}</p>
        </Panel>
      )}
    </div>
  );
}
