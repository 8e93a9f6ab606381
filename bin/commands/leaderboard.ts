import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { LeaderboardAnswer } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Answer } from '../client/exchange.ts';
import { instantsOf } from '../client/instants.ts';
import { patienceMs } from '../client/retries.ts';
import { textOf } from '../client/server.ts';
import { inSession, print, printDocument, type Session, withSessionOptions } from '../client/session.ts';
import { tableOf } from '../client/table.ts';
import { WrongUsageError } from './problems.ts';

type Options = { at?: string; csv?: true; watch?: true; json?: true };

const watchMs = 3000;

/** `rostrum leaderboard`: the public board, now or as it stood; for people, as CSV, or as the API has it. */
export function leaderboardCommand(t: Translate): Command {
  const command = withSessionOptions(new Command('leaderboard'), t)
    .option('--at <instant>', t('client.leaderboard-at'))
    .option('--csv', t('client.leaderboard-csv'))
    .option('--watch', t('client.leaderboard-watch'));
  return command.action((options: Options) => inSession(t, command, (session) => leaderboard(options, session)));
}

async function leaderboard({ at, csv, watch, json }: Options, session: Session): Promise<void> {
  const { server, t } = session;
  if ([csv, watch, json].filter(Boolean).length > 1) throw new WrongUsageError([t('client.leaderboard-one-form')]);
  const then = at === undefined ? undefined : new Date(at);
  if (then !== undefined && Number.isNaN(then.getTime())) {
    throw new WrongUsageError([t('client.not-an-instant', { typed: at! })]);
  }
  const query = then === undefined ? '' : `?at=${then.toISOString()}`;
  const slug = await session.competition();
  const path = `/competitions/${encodeURIComponent(slug)}/leaderboard${query}`;
  if (csv) {
    process.stdout.write(await server.read(path, textOf, { headers: { Accept: 'text/csv' } }));
    return;
  }
  if (json) return printDocument(await server.json<LeaderboardAnswer>(path));
  const instant = await instantsOf(session, slug);
  if (watch) return watchBoard(path, instant, session);
  print(boardText(await server.json<LeaderboardAnswer>(path), instant, t));
}

/** Draws the board anew whenever it has changed, until it is interrupted. */
async function watchBoard(path: string, instant: Printed, session: Session): Promise<never> {
  session.server.patience = patienceMs.work;
  for (let etag = ''; ; await sleep(watchMs)) {
    const changed = await readChanged(path, etag, session);
    if (changed === null) continue;
    etag = changed.etag;
    // The screen and what was above it go, as with `watch`; elsewhere boards follow one another.
    if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
    print(boardText(changed.board, instant, session.t));
  }
}

async function readChanged(
  path: string,
  etag: string,
  { server }: Session,
): Promise<{ board: LeaderboardAnswer; etag: string } | null> {
  const headers: Record<string, string> = etag === '' ? {} : { 'If-None-Match': etag };
  const take = async (answer: Answer) => {
    const text = await textOf(answer);
    return answer.status === 304
      ? null
      : { board: JSON.parse(text) as LeaderboardAnswer, etag: answer.headers.etag ?? '' };
  };
  return server.read(path, take, { headers });
}

/** An instant as people of the competition read it. */
type Printed = (instant: string) => string;

function boardText({ at, frozen, rows }: LeaderboardAnswer, instant: Printed, t: Session['t']): string {
  const title = t(frozen ? 'client.board-frozen' : 'client.board-at', { at: instant(at) });
  if (rows.length === 0) return `${title}\n${t('client.board-empty')}`;
  const head = (['rank', 'team', 'wer', 'interval', 'tied', 'change', 'entries', 'last'] as const).map((name) =>
    t(`client.column-${name}`),
  );
  const cells = rows.map((row) => [
    row.rank === null ? '' : String(row.rank),
    row.isBaseline ? t('client.board-baseline', { name: row.team }) : row.team,
    row.wer === null ? '' : t('client.rate-coarse', { rate: row.wer }),
    row.interval === null ? '' : t('client.interval-coarse', { low: row.interval[0], high: row.interval[1] }).trim(),
    row.tied === null ? '' : `[${row.tied}]`,
    row.change === null || row.change === 0 ? '' : t('client.change', { points: row.change * 100 }),
    String(row.entries),
    row.lastAt === null ? '' : instant(row.lastAt),
  ]);
  return `${title}\n${tableOf(head, cells, [0, 2, 5, 6])}`;
}
