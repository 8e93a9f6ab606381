import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { pickFinal } from '#lib/db/finals.ts';
import { addAuditOutput, findLastAudit, requestLabelAudit } from '#lib/db/label-audits.ts';
import { editLabels, findDraft } from '#lib/db/label-drafts.ts';
import { flagLabel } from '#lib/db/label-flags.ts';
import { applyDraft, findLastRescore, requestRescore } from '#lib/db/label-rescores.ts';
import { competitions, counts } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { runLabelAudit } from '#scoring/jobs/audit-labels.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { recordDueResults } from '#scoring/results.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, hoursFromNow, type TestUtterance } from '../builders.ts';
import { type Contest, scoreAll, send, withoutThreads } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { readableRows } from '../readable.ts';

/*
 * The web has three sources: what its role may read of the database, the news that the database sends it, and the desk, which
 * answers organisers alone (desk-access.test.ts). So where the first two are the same whatever is right on the private fold, every
 * page, table, stream and mail is. The same event is played twice, to before its reveal, with other labels.
 */

beforeAll(() => {
  log.level = 'silent';
});

type Fold = TestUtterance['fold'];
/** Which fold has other references in the second world. */
type Worlds = [{ fold: Fold; word: string }, { fold: Fold; word: string }];
type Policy = 'open' | 'ladder';

/** Of five words each, every other on the private fold. */
const forty: readonly TestUtterance[] = Array.from({ length: 40 }, (_, i) => ({
  id: `u${i + 1}`,
  reference: `раз два три четыре ${['пять', 'шесть', 'семь'][i % 3]}`,
  fold: i % 2 === 0 ? 'public' : 'private',
}));
const act = { actorId: null, reason: 'listened to it' };
/** Seeds are made of it. */
const id = '00000000-0000-4000-8000-000000000001';

/** What the web could know in the end: rows, mails and news, without what is random by itself. */
type Told = { db: TestDatabase; rows: string[]; news: string[] };

async function play(policy: Policy, { fold, word }: Worlds[number]): Promise<Told> {
  const db = await aDatabase();
  const listener = new pg.Client({ connectionString: db.webUrl });
  const news: string[] = [];
  await listener.connect();
  listener.on('notification', ({ channel, payload }) => news.push(`${channel} ${payload}`));
  await listener.query('listen rostrum_live');
  await listener.query('listen rostrum_board');

  const split = forty.map((utterance) =>
    utterance.fold === fold ? { ...utterance, reference: `${word} ${utterance.reference}` } : utterance,
  );
  const given = { id, slug: 'cup', policy, dailyQuota: 100, revealsAt: hoursFromNow(8 * 24) };
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner, given), split);
  await pin(db, competition, 60);
  // One after the other: the order of what is recorded is compared, too.
  const contests = [await aNamedTeam(db, competition, 'А'), await aNamedTeam(db, competition, 'Б')];
  await upload(db, contests);
  await correct(db, competition);
  await audit(db, contests[0]!);
  await db.owner
    .update(competitions)
    .set({ freezesAt: hoursFromNow(-0.001) })
    .where(eq(competitions.id, id));
  await upload(db, contests);
  await recordDueResults(db.scorer);
  await listener.query('select 1');
  await listener.end();
  return { db, rows: await knowable(db), news };
}

async function aNamedTeam(db: TestDatabase, competition: Competition, name: string): Promise<Contest> {
  const { team, people } = await aTeam(db.owner, competition, { name: `Команда ${name}` });
  return { competition, team, author: people[0]! };
}

async function pin(db: TestDatabase, competition: Competition, wrong: number): Promise<void> {
  const bytes = aPredictionsFile(forty, wrong, 'x');
  const about = { name: 'Baseline', fileName: 'b.csv', note: '', codeLink: null };
  const sha256 = createHash('sha256').update(bytes).digest();
  const parsed = { format: 'csv', warnings: [] };
  await pinBaseline(db.web, competition.id, { ...about, split: 'test', bytes, sha256, parsed }, { actorId: null });
  await scoreAll(db);
}

/** Better and worse files of both teams, and a final of the second. */
async function upload(db: TestDatabase, contests: readonly Contest[]): Promise<void> {
  for (const [i, contest] of contests.entries()) {
    for (const wrong of [44 + i, 8 + i, 30]) {
      const bytes = aPredictionsFile(forty, wrong, 'x');
      const { id: submissionId } = await send(db, contest, 0, { bytes, fileName: `${wrong}.csv` });
      await scoreAll(db);
      if (i === 1 && wrong === 30) {
        await pickFinal(db.web, contest.competition.id, contest.author.id, { submissionId, isPicked: true });
      }
    }
  }
}

/** An organiser corrects two utterances of the private fold, and the correction comes into force. */
async function correct(db: TestDatabase, { id }: Competition): Promise<void> {
  const edits = [
    { id: 'u2', reference: 'раз раз раз' },
    { id: 'u4', excluded: true },
  ];
  await editLabels(db.scorer, id, edits, act);
  await requestRescore(db.scorer, id, null);
  const rescore = await findLastRescore(db.scorer, (await findDraft(db.scorer, id))!);
  await runRescore(db.scorer, withoutThreads, rescore!.id);
  await applyDraft(db.scorer, id, act, findTies);
}

/** An audit with four outputs, which agree with the labels of one world, and a team's report of a recording. */
async function audit(db: TestDatabase, { competition, team, author }: Contest): Promise<void> {
  for (const slip of ['u5', 'u7', 'u8', 'u9']) {
    const lines = forty.map(({ id, reference }) => `${id} ${id === slip ? 'раз' : reference}`);
    const output = { name: `${slip}.txt`, format: 'kaldi', content: Buffer.from(lines.join('\n')) };
    await addAuditOutput(db.scorer, competition.id, output, act);
  }
  await requestLabelAudit(db.scorer, competition.id, null);
  await runLabelAudit(db.scorer, (await findLastAudit(db.scorer, competition.id))!.id);
  await flagLabel(db.web, team, { utteranceId: 'u6', note: 'не слышно' }, author.id);
}

/**
 * What the role of the web may read, mails, and what boards were drawn from, whose digest stands in the log; without ids, instants and
 * digests of either. How many words the private fold has is for organisers, whose page alone reads it.
 */
async function knowable({ web, owner }: TestDatabase): Promise<string[]> {
  const beyond = await owner.execute<{ table: string; text: string }>(sql`
    select 'mails' as table, to_jsonb(m)::text as text from mails m
    union all select 'board_inputs', to_jsonb(i)::text from hidden.board_inputs i`);
  return [...(await readableRows(web)), ...beyond.rows]
    .filter(({ table }) => !table.startsWith('pg_catalog.'))
    .map(({ table, text }) => `${table} ${text}`)
    .map((row) =>
      row.startsWith('public.fold_sizes {"fold": "private"') ? row.replace(/"words": \d+/, '"words": N') : row,
    )
    .map((row) => (digested.test(row) ? row.replaceAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g, 'DIGEST') : row))
    .map((row) => row.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'))
    .map((row) => row.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, 'AT'))
    .sort();
}
/** Digests of labels with their salt, and of boards with their instants, both of which are compared as what they are made of. */
const digested = /^public\.(label_commitments|events .*"kind": "(board-drawn|labels-committed)")/;

const privateWorlds: Worlds = [
  { fold: 'private', word: 'раз' },
  { fold: 'private', word: 'ноль ноль' },
];

describe.each<Policy>(['open', 'ladder'])('under the policy %s, before the reveal,', (policy) => {
  test('nothing that the web could know hangs on the labels of the private fold', async () => {
    const [one, other] = await Promise.all(privateWorlds.map((world) => play(policy, world)));
    expect(one!.rows.length).toBeGreaterThan(100);
    expect(other!.rows).toEqual(one!.rows);
    expect(one!.news.length).toBeGreaterThan(5);
    expect(other!.news).toEqual(one!.news);

    // The control: one private count in one row tells the worlds apart, and so does what the reveal makes public.
    const both = [one!.db, other!.db];
    for (const { owner } of both) {
      await owner.execute(sql`
        update submissions set file_name = (
          select sum(c.substitutions + c.deletions + c.insertions)::text from ${counts} c
          where c.submission_id = submissions.id and c.fold = 'private')`);
    }
    expect(await knowable(other!.db)).not.toEqual(await knowable(one!.db));
    for (const { owner } of both) await owner.execute(sql`update submissions set file_name = 'any.csv'`);
    expect(await knowable(other!.db)).toEqual(await knowable(one!.db));
    for (const { owner, scorer } of both) {
      await owner.execute(sql`
        update competitions set submissions_end_at = rostrum_now() - interval '2 s', reveals_at = rostrum_now() - interval '1 s'`);
      await recordDueResults(scorer);
    }
    expect(await knowable(other!.db)).not.toEqual(await knowable(one!.db));
  });
});

test('how large the private fold is stands on pages of organisers alone', () => {
  const root = join(import.meta.dirname, '../../app');
  const readers = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .filter((name) => readFileSync(join(root, name), 'utf8').includes('#lib/db/fold-sizes.ts'));
  expect(readers.length).toBeGreaterThan(0);
  expect(readers.filter((name) => !name.startsWith('organise/'))).toEqual([]);
});

test('(control) labels of the public fold are seen in scores and boards', async () => {
  const [one, other] = await Promise.all([
    play('open', { fold: 'public', word: 'раз' }),
    play('open', { fold: 'public', word: 'ноль ноль' }),
  ]);
  const different = other.rows.filter((row) => !one.rows.includes(row)).map((row) => row.split(' ')[0]);
  expect([...new Set(different)]).toEqual(
    expect.arrayContaining(['public.board_snapshots', 'public.published_scores']),
  );
});
