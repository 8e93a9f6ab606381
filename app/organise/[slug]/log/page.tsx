import type { Metadata } from 'next';
import Link from 'next/link';
import { type LoggedEvent, listEvents } from '#lib/db/event-log.ts';
import { webDatabase } from '#lib/db/web.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Desk, desk } from '../desk.ts';
import { Chain } from './chain.tsx';
import { Filters } from './filters.tsx';
import { addressOf, filterOf, isFiltered, type LogQuery, readQuery } from './query.ts';
import { aboutOf, whatOf } from './words.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, unknown>> };

const shown = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.log') };
}

/** What has happened in the competition, by whom and why, and the proof that nobody has changed it since. */
export default async function LogPage({ params, searchParams }: Props) {
  const d = await desk((await params).slug);
  const query = readQuery(await searchParams);
  const page = { before: query.before ?? null, limit: shown + 1 };
  const found = await listEvents(webDatabase(), d.competition.id, filterOf(query, d.competition), page);
  const events = found.slice(0, shown);
  const older = found.length > shown ? events.at(-1)!.id : null;
  return (
    <>
      <PageTitle lead={d.t('log.lead')}>{d.t('console.log')}</PageTitle>
      <Filters desk={d} query={query} />
      {events.length === 0 ? <Nothing desk={d} query={query} /> : <Events desk={d} events={events} />}
      <Pager desk={d} query={query} older={older} />
      <div className="mt-10">
        <Chain desk={d} />
      </div>
    </>
  );
}

function Events({ desk: d, events }: { desk: Desk; events: readonly LoggedEvent[] }) {
  const { t, formats, now, competition } = d;
  return (
    <Table
      caption={t('log.caption', { zone: formats.zone(now, competition.timeZone) })}
      columns={[
        { label: t('log.column-at') },
        { label: t('log.column-who'), look: 'max-sm:hidden' },
        { label: t('log.column-what') },
      ]}
    >
      {events.map((event) => (
        <tr key={event.id}>
          <td className="sm:whitespace-nowrap">
            <time dateTime={event.at.toISOString()}>{d.print(event.at)}</time>
          </td>
          <td className="min-w-32 max-sm:hidden">{nameOf(event, d)}</td>
          <td className="w-full sm:min-w-56">
            {/* A phone has no room for three columns. */}
            <p className="text-sm text-soft sm:hidden">{nameOf(event, d)}</p>
            {whatOf(event, d)}
            <About desk={d} event={event} />
            {event.reason !== '' && <p className="text-sm text-soft">{t('log.reason', { reason: event.reason })}</p>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function nameOf({ actor }: LoggedEvent, { t }: Desk): string {
  return actor?.name ?? t('log.platform');
}

/** Leads to the page of what it is about, where there is one. */
function About({ desk: { t, slug }, event }: { desk: Desk; event: LoggedEvent }) {
  const text = aboutOf(event, t);
  if (text === null) return null;
  const paths = { team: `/organise/${slug}/teams`, file: `/c/${slug}/submissions`, person: null };
  const path = event.about && paths[event.about.kind];
  return (
    <p className="text-sm">
      {path ? (
        <Link href={`${path}/${event.about!.id}`} prefetch={false} className="link">
          {text}
        </Link>
      ) : (
        text
      )}
    </p>
  );
}

function Nothing({ desk: { t, slug }, query }: { desk: Desk; query: LogQuery }) {
  if (!isFiltered(query)) return <EmptyState title={t('log.none')} />;
  const all = (
    <LinkButton look="secondary" href={`/organise/${slug}/log`}>
      {t('log.all')}
    </LinkButton>
  );
  return (
    <EmptyState title={t('log.none-filtered')} action={all}>
      {t('log.none-filtered-text')}
    </EmptyState>
  );
}

function Pager({ desk: { t, slug }, query, older }: { desk: Desk; query: LogQuery; older: string | null }) {
  const root = `/organise/${slug}/log`;
  if (older === null && query.before === undefined) return null;
  return (
    <nav aria-label={t('log.pages')} className="mt-5 flex flex-wrap gap-3">
      {query.before !== undefined && (
        <LinkButton look="secondary" href={addressOf(root, query)}>
          {t('log.newest')}
        </LinkButton>
      )}
      {older !== null && (
        <LinkButton look="secondary" href={addressOf(root, query, older)}>
          {t('log.older')}
        </LinkButton>
      )}
    </nav>
  );
}
