import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '#lib/db/client.ts';
import { getMailState } from '#lib/db/mails.ts';
import { type Load, readLoad, readReadiness } from '#lib/db/readiness.ts';
import type { EventHub } from './events.ts';

/** With the demo on, a visitor finds a board with results. */
const leastDemoRows = 3;

/** Why this installation cannot serve yet; nothing when it can. */
export async function missingForReadiness(db: Database, root: string, hasDemo: boolean): Promise<string[]> {
  const expected = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql'));
  try {
    const { migrations, workers, demoRows } = await readReadiness(db);
    const pending = expected.filter((name) => !migrations.includes(name));
    return [
      ...(pending.length > 0 ? [`migrations to apply: ${pending.join(', ')}`] : []),
      ...(workers === 0 ? ['no scoring worker has been heard of lately'] : []),
      ...(hasDemo && demoRows < leastDemoRows ? [`the demo has ${demoRows} of ${leastDemoRows} scored rows`] : []),
    ];
  } catch (error) {
    return [`the database does not answer: ${error instanceof Error ? (error.cause ?? error) : error}`];
  }
}

/** By the class of the answer (`2xx`), and those that have no answer yet, streams of events among them. */
export type RequestCounts = { answered: Map<string, number>; underWay: number };

/** In the text format of Prometheus. What hangs on the database is left out while that does not answer. */
export async function metrics(db: Database, events: EventHub, requests: RequestCounts): Promise<string> {
  const load: Load | null = await readLoad(db).catch(() => null);
  const mail = await getMailState(db).catch(() => null);
  const { streams, sent, dropped } = events.counts();
  const { rss } = process.memoryUsage();
  const families: [name: string, type: 'gauge' | 'counter', samples: [labels: string, value: number][]][] = [
    [
      'rostrum_requests_total',
      'counter',
      [...requests.answered].map(([status, count]) => [`{status="${status}"}`, count]),
    ],
    // Without the one that asks.
    ['rostrum_requests_under_way', 'gauge', [['', requests.underWay - streams - 1]]],
    ['rostrum_event_streams', 'gauge', [['', streams]]],
    ['rostrum_events_sent_total', 'counter', [['', sent]]],
    ['rostrum_event_streams_dropped_total', 'counter', [['', dropped]]],
    ['rostrum_web_resident_bytes', 'gauge', [['', rss]]],
    ['rostrum_web_cpu_seconds_total', 'counter', [['', cpuSeconds()]]],
    ['rostrum_workers', 'gauge', load === null ? [] : [['', load.workers]]],
    ['rostrum_submissions_waiting', 'gauge', load === null ? [] : [['', load.waiting]]],
    ['rostrum_oldest_waiting_seconds', 'gauge', load === null ? [] : [['', load.oldestSeconds]]],
    ['rostrum_mails_waiting', 'gauge', mail === null ? [] : [['', mail.waiting]]],
    ['rostrum_mails_given_up', 'gauge', mail === null ? [] : [['', mail.failed]]],
  ];
  return families
    .map(([name, type, samples]) =>
      [`# TYPE ${name} ${type}`, ...samples.map(([labels, value]) => `${name}${labels} ${value}`), ''].join('\n'),
    )
    .join('');
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
