import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { createBaselineRun } from '#lib/db/baseline-runs.ts';
import type { Connection } from '#lib/db/client.ts';
import { createImport } from '#lib/db/imports.ts';
import { requestLabelAudit } from '#lib/db/label-audits.ts';
import { editLabels } from '#lib/db/label-drafts.ts';
import { requestRescore } from '#lib/db/label-rescores.ts';
import { requestComparison } from '#lib/db/team-comparisons.ts';
import { aUser } from './builders.ts';
import { aContest, scoreAll, send } from './contest.ts';
import type { TestDatabase } from './db.ts';
import { aWav } from './wav-files.ts';

/**
 * A contest with a scored file, and recordings with a manifest below `folder`: for each table of work that lasts for minutes the way that an
 * organiser asks for some.
 */
export async function waysToAsk(db: TestDatabase, folder: string): Promise<Record<string, () => Promise<unknown>>> {
  const contest = await aContest(db);
  const competitionId = contest.competition.id;
  await send(db, contest, 1);
  await scoreAll(db);
  const path = join(folder, 'speech');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'dev-1.wav'), aWav());
  writeFileSync(join(path, 'manifest.csv'), 'id,audio,text,split\ndev-1,dev-1.wav,раз два,dev\n');
  return {
    imports: async () => {
      await createImport(db.web, { competitionId, path, options: {} }, (await aUser(db.owner)).id);
    },
    baseline_runs: async () => {
      const wanted = { competitionId, split: 'test', model: 'none', decoding: 'greedy', name: 'Baseline' } as const;
      await createBaselineRun(db.web, wanted, (await aUser(db.owner)).id);
    },
    'hidden.team_comparisons': () => requestComparison(db.scorer, competitionId, null),
    'hidden.label_audits': () => requestLabelAudit(db.scorer, competitionId, null),
    'hidden.rescores': async () => {
      const act = { actorId: null, reason: 'listened to it' };
      await editLabels(db.scorer, competitionId, [{ id: 'u2', reference: 'раз' }], act);
      await requestRescore(db.scorer, competitionId, null);
    },
  };
}

/** Of the worker's pool each waits on a connection, which has to leave some: what is asked for at once. */
export const askedTogether = [
  ['imports', 'baseline_runs', 'hidden.team_comparisons'],
  ['hidden.label_audits', 'hidden.rescores'],
];

export type WorkRow = { state: string; attempt: number; isLeased: boolean; attemptLimit: number };

/** What was asked for last, in each table. */
export async function lastAsked(at: Connection, tables: readonly string[]): Promise<WorkRow[]> {
  const found: WorkRow[] = [];
  for (const table of tables) {
    const { rows } = await at.execute<WorkRow>(sql`
      select state, attempt, attempt_limit as "attemptLimit", lease_until is not null as "isLeased"
      from ${sql.raw(table)} order by created_at desc limit 1`);
    found.push(rows[0]!);
  }
  return found;
}

/** What each kind of work reads next: whoever has these waits amid it. */
export async function lockWhatIsRead(tx: Connection): Promise<void> {
  await tx.execute(sql`lock table utterances, hidden.test_references, submission_files in access exclusive mode`);
}
