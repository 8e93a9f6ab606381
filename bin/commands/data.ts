import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CompetitionFacts } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type DownloadChoice, type Downloaded, downloadSplit, type Split, type Stage } from '../client/download.ts';
import { instantIn } from '../client/instants.ts';
import { patienceMs } from '../client/retries.ts';
import { codeOf } from '../client/server.ts';
import { inSession, print, printDocument, type Session, withSessionOptions } from '../client/session.ts';
import { tableOf } from '../client/table.ts';
import { liveLine } from '../client/waiting-line.ts';
import { waitForLock } from '../start/lock.mjs';
import { UnmetNeedError, UnwritableFileError, WrongUsageError } from './problems.ts';
import { progressLine } from './progress.ts';

type Options = { split?: Split[]; to: string; files?: true; archive?: true; connections: number };

const splits = ['train', 'dev', 'test'] as const;
const mostConnections = 16;
/** Longer than any download lasts. */
const lockLimitMs = 24 * 3600 * 1000;

/** `rostrum data list|download`: what there is to learn and to be tested from, and all of it, verified. */
export function dataCommand(t: Translate): Command {
  const list = withSessionOptions(new Command('list'), t).description(t('client.data-list'));
  list.action(() => inSession(t, list, listData));
  const download = withSessionOptions(new Command('download'), t)
    .description(t('client.data-download'))
    .addOption(new Option('--split <split...>', t('client.data-split')).choices(splits))
    .option('--to <folder>', t('client.data-to'), 'data')
    .option('--files', t('client.data-files'))
    .option('--archive', t('client.data-archive'))
    .addOption(new Option('--connections <number>', t('client.data-connections')).argParser(connectionsIn).default(4));
  download.action((options: Options) => inSession(t, download, (session) => downloadData(options, session)));
  return new Command('data').addCommand(list).addCommand(download);
}

function connectionsIn(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= mostConnections) return number;
  throw new InvalidArgumentError(`Allowed choices are 1–${mostConnections}.`);
}

async function listData({ server, competition, t, isJson, language }: Session): Promise<void> {
  const slug = await competition();
  const facts = await server.json<CompetitionFacts>(`/competitions/${encodeURIComponent(slug)}`);
  if (isJson) return printDocument({ competition: slug, splits: facts.splits });
  const instant = instantIn(language, facts.timeZone);
  const rows = facts.splits.map(({ split, utterances, seconds, bytes, released, releasedAt }) => [
    split,
    t('client.number', { number: utterances }),
    t('client.hours', { hours: seconds / 3600 }),
    t('client.megabytes', { megabytes: bytes / 1e6 }),
    released ? t('client.released') : t('client.released-at', { at: instant(releasedAt) }),
  ]);
  const head = (['split', 'recordings', 'hours', 'size', 'when'] as const).map((name) => t(`client.column-${name}`));
  print(tableOf(head, rows, [1, 2, 3]));
}

async function downloadData(options: Options, session: Session): Promise<void> {
  const { t, isJson, server } = session;
  server.patience = patienceMs.work;
  if (options.files && options.archive) throw new WrongUsageError([t('client.data-one-form')]);
  const slug = await session.competition();
  const chosen = options.split ?? (await releasedSplits(session, slug));
  if (chosen.length === 0) throw new UnmetNeedError([t('client.data-nothing-released')]);
  const done: Downloaded[] = [];
  const bring = async () => {
    for (const split of chosen) {
      const downloaded = await withProgress(split, options, session, (choice) =>
        downloadSplit(server, slug, split, choice),
      );
      done.push(downloaded);
      if (!isJson) print(doneLine(downloaded, t));
    }
  };
  await alone(options.to, t, bring).catch((error: unknown) => {
    throw isOfDisk(error) ? new UnwritableFileError(options.to, error) : error;
  });
  if (isJson) printDocument({ competition: slug, splits: done });
}

/** Full, read-only, not ours: what the file system has to say. */
function isOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST'].includes(
    codeOf(error),
  );
}

async function releasedSplits({ server }: Session, slug: string): Promise<Split[]> {
  const facts = await server.json<CompetitionFacts>(`/competitions/${encodeURIComponent(slug)}`);
  return facts.splits.filter(({ released, utterances }) => released && utterances > 0).map(({ split }) => split);
}

function doneLine({ split, path, files, fetched, bytes }: Downloaded, t: Translate): string {
  const whole = t('client.data-done', { split, files, path });
  return fetched === 0
    ? `${whole} ${t('client.data-all-there')}`
    : `${whole} ${t('client.data-fetched', { fetched, megabytes: bytes / 1e6 })}`;
}

/** Two downloads into one folder follow one another: the second finds the work done. */
async function alone(folder: string, t: Translate, act: () => Promise<void>): Promise<void> {
  const path = join(folder, '.rostrum-download.lock');
  const line = liveLine();
  const soon = setTimeout(() => line.show(t('client.data-locked', { folder })), 500);
  const lock = await waitForLock(path, lockLimitMs).finally(() => {
    clearTimeout(soon);
    line.end();
  });
  if (lock.status !== 'held') throw new UnmetNeedError([t('client.data-locked', { folder })]);
  try {
    await act();
  } finally {
    lock.release();
  }
}

async function withProgress<Result>(
  split: Split,
  { to, files, archive, connections }: Options,
  { t }: Session,
  act: (choice: DownloadChoice) => Promise<Result>,
): Promise<Result> {
  const line = progressLine((stage) => `client.data-${stage as Stage}-progress`, t, { isPassing: true });
  const onProgress: DownloadChoice['onProgress'] = (stage, done, total) => {
    if (!process.stderr.isTTY) return;
    const inMegabytes = stage === 'unpack' ? 1 : 1e6;
    const values = { split, done: done / inMegabytes, total: total / inMegabytes };
    line.show({ stage, done, total, values });
  };
  try {
    return await act({ folder: to, connections, as: files ? 'files' : archive ? 'archive' : 'auto', onProgress });
  } finally {
    line.end();
  }
}
