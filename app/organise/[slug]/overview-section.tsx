import Link from 'next/link';
import { countPeople, getQueueOverview, listFailures, listTeamOverviews, listWorkers } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { freshSeconds } from '#lib/db/workers.ts';
import { failureSentence } from '#lib/failure-sentence.ts';
import { Chip } from '#ui/chip.tsx';
import { Facts } from '#ui/facts.tsx';
import { Notice } from '#ui/notice.tsx';
import { Table } from '#ui/table.tsx';
import type { Desk } from './desk.ts';
import { Section } from './section.tsx';

/** How the event is doing: enough to tell a slow queue from a dead worker, and either from a team's mistake. */
export async function OverviewSection({ desk }: { desk: Desk }) {
  const { t, formats, competition } = desk;
  const db = webDatabase();
  const teams = await listTeamOverviews(db, competition.id);
  const people = await countPeople(db, competition.id);
  const queue = await getQueueOverview(db, competition.id);
  const oldest = queue.oldestSeconds;
  return (
    <Section id="overview" title={t('organise.section-overview')}>
      <Facts
        facts={[
          { term: t('organise.overview-teams'), value: formats.number(teams.length) },
          {
            term: t('organise.overview-people'),
            value: formats.number(people.accepted),
            note: t('organise.overview-in-teams', { count: people.inTeams }),
          },
          {
            term: t('organise.overview-queue'),
            value: formats.number(queue.waiting),
            note: t('organise.overview-queue-all', { count: queue.waitingEverywhere }),
          },
          {
            term: t('organise.overview-oldest'),
            value: oldest === null ? '—' : formats.seconds(oldest),
            ...(oldest === null ? { note: t('organise.overview-nobody-waits') } : {}),
          },
          { term: t('organise.overview-scored'), value: formats.number(queue.scoredToday) },
        ]}
      />
      <Workers desk={desk} />
      <Failures desk={desk} />
      <Teams desk={desk} teams={teams} />
    </Section>
  );
}

async function Workers({ desk: { t } }: { desk: Desk }) {
  const workers = await listWorkers(webDatabase());
  const isAlive = workers.some(({ seenSecondsAgo }) => seenSecondsAgo <= freshSeconds);
  return (
    <div className="mt-8">
      <h3 className="mb-2 font-semibold">{t('organise.workers')}</h3>
      {!isAlive && (
        <Notice kind="error">{workers.length === 0 ? t('organise.workers-none') : t('organise.workers-silent')}</Notice>
      )}
      <ul className="space-y-1.5">
        {workers.map(({ process, seenSecondsAgo }) => (
          <li key={process}>
            <code className="code">{process}</code>{' '}
            <Chip look={seenSecondsAgo <= freshSeconds ? 'good' : 'bad'}>
              {t(seenSecondsAgo <= freshSeconds ? 'organise.worker-alive' : 'organise.worker-silent', {
                seconds: seenSecondsAgo,
              })}
            </Chip>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function Failures({ desk: { t, competition, slug, print } }: { desk: Desk }) {
  const failures = await listFailures(webDatabase(), competition.id);
  return (
    <div className="mt-8">
      <h3 className="mb-2 font-semibold">{t('organise.failures')}</h3>
      {failures.length === 0 && <p className="text-soft">{t('organise.failures-none')}</p>}
      {failures.length > 0 && (
        <Table
          caption={t('organise.failures-caption')}
          columns={[
            { label: t('organise.failure-file') },
            { label: t('organise.failure-team') },
            { label: t('organise.failure-reason') },
            { label: t('organise.failure-at') },
          ]}
        >
          {failures.map(({ id, team, fileName, reason, finishedAt }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={`/c/${slug}/submissions/${id}`} prefetch={false} className="link">
                  {fileName || t('upload.unnamed')}
                </Link>
              </th>
              <td>{team}</td>
              <td>{failureSentence(reason, t)}</td>
              <td>{print(finishedAt)}</td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  );
}

type TeamsProps = { desk: Desk; teams: Awaited<ReturnType<typeof listTeamOverviews>> };

function Teams({ desk: { t, formats, competition, now, print }, teams }: TeamsProps) {
  return (
    <div className="mt-8">
      <h3 className="mb-2 font-semibold">{t('organise.teams')}</h3>
      {teams.length === 0 && <p className="text-soft">{t('organise.teams-none')}</p>}
      {teams.length > 0 && (
        <Table
          caption={t('organise.teams-caption', { zone: formats.zone(now, competition.timeZone) })}
          columns={[
            { label: t('organise.team-name') },
            { label: t('organise.team-members') },
            { label: t('organise.team-accepted'), look: 'number' },
            { label: t('organise.team-rejected'), look: 'number' },
            { label: t('organise.team-last') },
          ]}
        >
          {teams.map((team) => (
            <tr key={team.id}>
              <th scope="row">
                {team.name} {team.isDemo && <Chip>{t('common.demo')}</Chip>}{' '}
                {team.isGuest && <Chip>{t('organise.guest')}</Chip>}
              </th>
              <td>{team.members.join(', ') || '—'}</td>
              <td className="number">{formats.number(team.accepted)}</td>
              <td className="number">{formats.number(team.rejected)}</td>
              <td className="whitespace-nowrap">{team.lastAt === null ? '—' : print(team.lastAt)}</td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  );
}
