import type { Metadata } from 'next';
import Link from 'next/link';
import { type ListedTeam, listTeamless, listTeams } from '#lib/db/team-administration.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../language.ts';
import { type StaffDesk, staff } from '../staff.ts';
import { place } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('people.teams-title') };
}

/** All teams, each leading to what can be done with it, and people who have none. */
export default async function TeamsPage({ params }: Props) {
  const d = await staff((await params).slug);
  const { t } = d;
  const teams = await listTeams(webDatabase(), d.competition.id);
  const lead = d.role === 'organiser' ? t('people.teams-lead') : t('people.teams-lead-assistant');
  return (
    <>
      <PageTitle lead={lead}>{t('people.teams-title')}</PageTitle>
      <div className="space-y-8">
        {teams.length === 0 && <EmptyState title={t('people.teams-none')}>{t('people.teams-none-text')}</EmptyState>}
        {teams.length > 0 && <List desk={d} teams={teams} />}
        {d.role === 'organiser' && <Teamless desk={d} teams={teams} />}
      </div>
    </>
  );
}

type ListProps = { desk: StaffDesk; teams: readonly ListedTeam[] };

function List({ desk: { t, formats, slug, competition, now, print }, teams }: ListProps) {
  return (
    <Table
      caption={t('organise.teams-caption', { zone: formats.zone(now, competition.timeZone) })}
      columns={[
        { label: t('people.team-name') },
        { label: t('people.team-members') },
        { label: t('organise.team-accepted'), look: 'number' },
        { label: t('organise.team-rejected'), look: 'number' },
        { label: t('organise.team-last') },
      ]}
    >
      {teams.map((team) => (
        <tr key={team.id}>
          <th scope="row">
            <Link href={`/organise/${slug}/teams/${team.id}`} prefetch={false} className="link">
              {team.name}
            </Link>{' '}
            {team.isDemo && <Chip>{t('common.demo')}</Chip>} {team.isGuest && <Chip>{t('people.guest')}</Chip>}{' '}
            {team.adjustments > 0 && <Chip look="accent">{t('people.adjusted', { count: team.adjustments })}</Chip>}
          </th>
          <td>{team.members.join(', ')}</td>
          <td className="number">{formats.number(team.accepted)}</td>
          <td className="number">{formats.number(team.rejected)}</td>
          <td className="whitespace-nowrap">{team.lastAt === null ? '—' : print(team.lastAt)}</td>
        </tr>
      ))}
    </Table>
  );
}

async function Teamless({ desk: { t, slug, competition }, teams }: ListProps) {
  const people = await listTeamless(webDatabase(), competition.id);
  const free = teams.filter(({ members }) => members.length < competition.teamSize);
  const into = [
    ...free.map(({ id, name, members }) => ({ value: id, label: `${name} (${members.length})` })),
    { value: '', label: t('people.place-new') },
  ];
  return (
    <Panel title={t('people.teamless', { count: people.length })}>
      {people.length === 0 && <p className="text-soft">{t('people.teamless-none')}</p>}
      {people.length > 0 && (
        <ActionForm action={place.bind(null, slug)} className="space-y-4">
          <Select
            name="person"
            label={t('people.teamless-person')}
            options={people.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
          />
          <Select name="team" label={t('people.place-into')} options={into} />
          <Field name="name" label={t('people.place-name')} hint={t('people.place-name-hint')} maxLength={60} />
          <Field name="reason" label={t('people.reason')} hint={t('people.reason-hint')} required maxLength={500} />
          <SubmitButton look="secondary" pending={t('people.working')}>
            {t('people.place')}
          </SubmitButton>
        </ActionForm>
      )}
    </Panel>
  );
}
