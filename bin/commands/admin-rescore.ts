import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { BoardDifference, Shown } from '#lib/board-difference.ts';
import type { Database } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import { getDraft } from '#lib/db/label-drafts.ts';
import { applyDraft, findLastRescore, type Rescore, requestRescore } from '#lib/db/label-rescores.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { findTies } from '#scoring/board-ties.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { startScorer } from '#scoring/score-in-thread.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { UnmetNeedError } from './problems.ts';

type Options = { apply: boolean; reason: string };

const limits = { threads: 2, deadlineMs: 20_000, heapMegabytes: 1024, keptCharacters: 20_000_000 };

/** `rostrum admin rescore SLUG [--apply]`: what the page of labels does, on the command line. */
export function adminRescoreCommand(t: Translate): Command {
  return new Command('rescore')
    .description(t('cli.admin-rescore'))
    .argument('<slug>', t('cli.import-competition'))
    .option('--apply', t('cli.admin-rescore-apply'), false)
    .option('--reason <text>', t('cli.competition-reason'), 'rescore')
    .action((slug: string, options: Options) => withOwnerDatabase((db) => rescore(db, slug, options, t)));
}

async function rescore(db: Database, slug: string, { apply, reason }: Options, t: Translate): Promise<void> {
  const { id } = await getCompetition(db, slug);
  const { difference, failure } = await countByDraft(db, id);
  if (difference === null) {
    throw new UnmetNeedError([t(failure === 'overtaken' ? 'labels.failure-overtaken' : 'labels.failure-internal')]);
  }
  for (const line of linesOf(difference, t)) process.stdout.write(`${line}\n`);
  if (!apply) return;
  await applyDraft(db, id, { actorId: null, reason }, findTies);
  process.stdout.write(`${t('labels.applied')}\n`);
}

/** Here, or in the worker, where that takes the job first. */
async function countByDraft(db: Database, competitionId: string): Promise<Rescore> {
  const requested = await requestRescore(db, competitionId, null);
  const scorer = startScorer(limits);
  try {
    await runRescore(db, scorer, requested.id);
  } finally {
    await scorer.close();
  }
  for (;;) {
    const last = await findLastRescore(db, await getDraft(db, competitionId));
    if (last !== null && (last.state === 'done' || last.state === 'failed')) return last;
    await sleep(200);
  }
}

function linesOf({ moves, unchanged }: BoardDifference, t: Translate): string[] {
  const place = (shown: Shown | null) => (shown?.rank == null ? t('labels.nothing') : String(shown.rank));
  const rate = (shown: Shown | null) =>
    shown?.wer == null ? t('labels.nothing') : `${(shown.wer * 100).toFixed(1)} %`;
  const rows = moves.map(
    ({ team, before, after }) => `${team}\t${place(before)} → ${place(after)}\t${rate(before)} → ${rate(after)}`,
  );
  const head = rows.length === 0 ? t('labels.difference-none') : t('labels.difference');
  return [head, ...rows, t('labels.difference-unchanged', { count: unchanged })];
}
