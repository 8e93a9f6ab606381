import { countPeople, getQueueOverview, listArrivals } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Command } from '#ui/command.tsx';
import { Facts } from '#ui/facts.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import type { StaffDesk } from '../staff.ts';
import { ArrivalsChart } from './arrivals-chart.tsx';

/** How fast files come and are scored: enough to tell a slow queue from a busy hour. */
export async function QueuePanel({ desk }: { desk: StaffDesk }) {
  const { t, formats, competition, now } = desk;
  const people = await countPeople(webDatabase(), competition.id);
  const { waiting, waitingEverywhere, withoutLabels, oldestSeconds, scoredToday, medianSeconds } =
    await getQueueOverview(webDatabase(), competition.id, now);
  return (
    <Panel title={t('console.queue')} className="space-y-6">
      {withoutLabels > 0 && (
        <Notice kind="warning">
          <p className="mb-2">{t('console.labels-missing', { count: withoutLabels })}</p>
          <Command t={t} text={t('console.labels-command')} />
        </Notice>
      )}
      <Facts
        facts={[
          {
            term: t('organise.overview-queue'),
            value: formats.number(waiting),
            note: t('organise.overview-queue-all', { count: waitingEverywhere }),
          },
          {
            term: t('organise.overview-oldest'),
            value: oldestSeconds === null ? '—' : formats.seconds(oldestSeconds),
            ...(oldestSeconds === null ? { note: t('organise.overview-nobody-waits') } : {}),
          },
          { term: t('organise.overview-scored'), value: formats.number(scoredToday) },
          {
            term: t('console.median'),
            value: medianSeconds === null ? '—' : formats.seconds(Math.max(0, medianSeconds)),
            note: t('console.median-note'),
          },
          {
            term: t('organise.overview-people'),
            value: formats.number(people.accepted),
            note: t('organise.overview-in-teams', { count: people.inTeams }),
          },
        ]}
      />
      <ArrivalsChart desk={desk} arrivals={await listArrivals(webDatabase(), competition.id, now)} />
    </Panel>
  );
}
