import Link from 'next/link';
import { countWaiting, type Waiting } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { upcomingBoundaries } from '#lib/timeline.ts';
import { Countdown } from '#ui/countdown.tsx';
import { Panel } from '#ui/panel.tsx';
import type { StaffDesk } from '../staff.ts';

/** What comes next, and who waits for an answer. */
export async function AheadPanel({ desk }: { desk: StaffDesk }) {
  const { t, role } = desk;
  const { questions, ...others } = await countWaiting(webDatabase(), desk.competition.id);
  // Assistants read no labels and send nothing back.
  const waiting = role === 'organiser' ? { questions, ...others } : { questions, flags: 0, failures: 0 };
  return (
    <Panel title={t('console.ahead')}>
      <div className="grid gap-6 md:grid-cols-2">
        <NextDate desk={desk} />
        <WaitingList desk={desk} waiting={waiting} />
      </div>
    </Panel>
  );
}

function NextDate({ desk: { t, formats, language, competition, now } }: { desk: StaffDesk }) {
  const next = upcomingBoundaries(competition, now)[0];
  if (next === undefined) return <p className="text-soft">{t('console.ahead-none')}</p>;
  const absolute = formats.instant(next.at, competition.timeZone);
  return (
    <dl>
      <dt className="text-soft">{next.boundaries.map((boundary) => t(`organise.field-${boundary}`)).join(', ')}</dt>
      <dd className="text-2xl font-semibold leading-snug">
        <Countdown until={next.at.toISOString()} absolute={absolute} language={language} now={now.toISOString()} />
      </dd>
      <dd className="text-sm text-soft">{absolute}</dd>
    </dl>
  );
}

function WaitingList({ desk: { t, slug }, waiting }: { desk: StaffDesk; waiting: Waiting }) {
  const links = [
    { key: 'failures', page: '#failures' },
    { key: 'questions', page: '/questions' },
    { key: 'flags', page: '/labels/audit' },
  ] as const;
  const some = links.filter(({ key }) => waiting[key] > 0);
  if (some.length === 0) return <p className="text-soft">{t('console.waiting-none')}</p>;
  return (
    <ul className="space-y-1.5">
      {some.map(({ key, page }) => (
        <li key={key}>
          <Link href={`/organise/${slug}${page}`} prefetch={false} className="link font-medium">
            {t(`console.waiting-${key}`, { count: waiting[key] })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
