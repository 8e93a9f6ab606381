import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { findBoardAt, getBoard } from '#lib/db/boards.ts';
import { listCommitments, listUncommitted, readLabelFile, recordCommitment } from '#lib/db/label-commitments.ts';
import { discardDraft, editLabels, findDraft } from '#lib/db/label-drafts.ts';
import { listLabelHistory, listLabels } from '#lib/db/label-list.ts';
import { applyDraft, findLastRescore, requestRescore } from '#lib/db/label-rescores.ts';
import { events, labelEdits } from '#lib/db/schema.ts';
import { digestOfLabelFile } from '#lib/label-file.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { aCompetition, aTeam, aTestSplit, hoursFromNow } from '../builders.ts';
import { aContest, type Contest, scoreAll, send, withoutThreads } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const act = { actorId: null, reason: 'listened to it' };
const bodyOf = async (competition: Competition) => (await getBoard(db.web, competition)).body;
const shownOf = async (competition: Competition) =>
  readSnapshot(await bodyOf(competition)).rows.map(({ team, rank, wer }) => ({ team, rank, wer }));

/** Two teams: the first said `раз` wrong in u1, the second two words of u1; both are right elsewhere. */
async function twoTeams(): Promise<Contest & { rival: string }> {
  const contest = await aContest(db);
  const { team: rival, people } = await aTeam(db.owner, contest.competition, { name: 'Rivals' });
  const wrong = (words: string) => {
    const lines = Array.from({ length: 10 }, (_, i) => [
      `u${i + 1}`,
      `раз два три четыре ${['пять', 'шесть', 'семь'][i % 3]}`,
    ]);
    lines[0]![1] = words;
    return Buffer.from(`id,text\n${lines.map((line) => line.join()).join('\n')}\n`);
  };
  await send(db, contest, 0, { bytes: wrong('рас два три четыре пять') });
  await send(db, { ...contest, author: people[0]! }, 0, { bytes: wrong('раз два тли четыле пять') });
  await scoreAll(db);
  return { ...contest, rival: rival.name };
}

async function rescored({ id }: Competition) {
  const { id: rescore } = await requestRescore(db.scorer, id, null);
  await runRescore(db.scorer, withoutThreads, rescore);
  return (await findLastRescore(db.scorer, (await findDraft(db.scorer, id))!))!;
}

describe('a draft of labels', () => {
  test('changes nothing that anybody sees until it is applied, and then all of it at once', async () => {
    const { competition, team, rival } = await twoTeams();
    const before = await bodyOf(competition);
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'раз два тли четыле пять' }], act);
    expect(await bodyOf(competition)).toBe(before);
    const rescore = await rescored(competition);
    expect(rescore).toMatchObject({ state: 'done', done: 2, total: 2 });
    expect(await bodyOf(competition)).toBe(before);
    expect(rescore.difference).toMatchObject({
      moves: [
        { team: rival, before: { rank: 2, wer: 0.08 }, after: { rank: 1, wer: 0 } },
        { team: team.name, before: { rank: 1, wer: 0.04 }, after: { rank: 2, wer: 0.12 } },
      ],
      unchanged: 0,
    });
    await applyDraft(db.scorer, competition.id, act, findTies);
    expect(await shownOf(competition)).toEqual([
      { team: rival, rank: 1, wer: 0 },
      { team: team.name, rank: 2, wer: 0.12 },
    ]);
    const earlier = await findBoardAt(db.web, competition.id, new Date(JSON.parse(before).at));
    expect(earlier?.body).toBe(before);
  });

  test('that is discarded leaves the board byte for byte, and its number to no other', async () => {
    const { competition } = await twoTeams();
    const before = await bodyOf(competition);
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'нет' }], act);
    await rescored(competition);
    await discardDraft(db.scorer, competition.id, act);
    expect(await bodyOf(competition)).toBe(before);
    await expect(applyDraft(db.scorer, competition.id, act, findTies)).rejects.toMatchObject({
      code: 'labels-no-draft',
    });
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'да' }], act);
    expect(await findDraft(db.scorer, competition.id)).toMatchObject({ version: 3, baseVersion: 1 });
  });

  test('is applied only as it was rescored', async () => {
    const { competition } = await twoTeams();
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'да' }], act);
    const refusal = () => applyDraft(db.scorer, competition.id, act, findTies);
    await expect(refusal()).rejects.toMatchObject({ code: 'labels-not-previewed' });
    await rescored(competition);
    await editLabels(db.scorer, competition.id, [{ id: 'u2', reference: 'да' }], act);
    await expect(refusal()).rejects.toMatchObject({ code: 'labels-not-previewed' });
    await rescored(competition);
    await refusal();
  });

  test('waits for files that were scored after its rescore', async () => {
    const contest = await twoTeams();
    const { id } = contest.competition;
    await editLabels(db.scorer, id, [{ id: 'u1', alternatives: ['рас два три четыре пять'] }], act);
    await rescored(contest.competition);
    await send(db, contest, 3);
    await scoreAll(db);
    await expect(applyDraft(db.scorer, id, act, findTies)).rejects.toMatchObject({
      code: 'rescore-overtaken',
      values: { count: 1 },
    });
    await rescored(contest.competition);
    await applyDraft(db.scorer, id, act, findTies);
    expect((await shownOf(contest.competition))[0]).toMatchObject({ wer: 0 });
  });

  test('cannot be edited while it is rescored', async () => {
    const { competition } = await twoTeams();
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'да' }], act);
    await requestRescore(db.scorer, competition.id, null);
    const edit = editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'нет' }], act);
    await expect(edit).rejects.toMatchObject({ code: 'rescore-running' });
  });

  test('that excludes an utterance takes it out of both folds', async () => {
    const { competition } = await twoTeams();
    const edits = [
      { id: 'u1', excluded: true },
      { id: 'u6', excluded: true },
    ];
    await editLabels(db.scorer, competition.id, edits, act);
    await rescored(competition);
    await applyDraft(db.scorer, competition.id, act, findTies);
    expect((await shownOf(competition)).map(({ rank, wer }) => [rank, wer])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const { rows } = await db.owner.execute(sql`
      select c.hits + c.substitutions + c.deletions as words from hidden.counts c join submissions s on s.id = c.submission_id
      where s.competition_id = ${competition.id} and c.label_version = 2`);
    expect(rows).toEqual(Array(4).fill({ words: 20 }));
  });

  test('does not move a board that stands still', async () => {
    const { competition } = await twoTeams();
    await db.owner.execute(sql`update competitions set freezes_at = rostrum_now() where id = ${competition.id}`);
    const rowsBefore = await shownOf(competition);
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'раз два тли четыле пять' }], act);
    const { difference } = await rescored(competition);
    expect(difference?.moves).toHaveLength(2);
    await applyDraft(db.scorer, competition.id, act, findTies);
    expect(await shownOf(competition)).toEqual(rowsBefore);
    await db.owner.execute(sql`update competitions set freezes_at = null where id = ${competition.id}`);
  });
});

describe('labels that were applied', () => {
  test('cannot be changed by anybody', async () => {
    const { competition } = await twoTeams();
    const change = (version: number) => sql`update hidden.test_references set reference = 'x'
      where competition_id = ${competition.id} and label_version = ${version}`;
    for (const role of [db.scorer, db.owner]) {
      await expect(role.execute(change(1))).rejects.toMatchObject({ cause: { code: '42501' } });
    }
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'да' }], act);
    expect((await db.scorer.execute(change(2))).rowCount, '(control) a draft can').toBe(10);
  });

  test('are told of in the history with reasons, which the log does not repeat', async () => {
    const { competition } = await twoTeams();
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'да' }], { ...act, reason: 'says «да»' });
    expect(await listLabelHistory(db.scorer, competition.id, 'u1')).toMatchObject([
      { labelVersion: 1, reference: 'раз два три четыре пять', reason: '' },
      { labelVersion: 2, state: 'draft', reference: 'да', reason: 'says «да»' },
    ]);
    const logged = await db.web.select().from(events).where(eq(events.competitionId, competition.id));
    expect(JSON.stringify(logged)).not.toContain('«да»');
    await expect(db.web.select().from(labelEdits)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('are listed by what changed, by id and by text', async () => {
    const { competition } = await twoTeams();
    await editLabels(db.scorer, competition.id, [{ id: 'u3', reference: 'всё не так' }], act);
    const draft = (await findDraft(db.scorer, competition.id))!;
    const found = async (text: string, only: 'all' | 'changed' | 'excluded') =>
      (await listLabels(db.scorer, draft, { text, only, offset: 0, limit: 5 })).labels.map(({ id }) => id);
    expect(await found('', 'changed')).toEqual(['u3']);
    expect(await found('НЕ ТАК', 'all')).toEqual(['u3']);
    expect(await found('u1', 'all')).toEqual(['u1', 'u10']);
    expect(await found('%', 'all')).toEqual([]);
    expect(await found('', 'excluded')).toEqual([]);
  });
});

describe('the commitment', () => {
  test('is published once a competition is, and a later version adds its own', async () => {
    const draft = await aTestSplit(db.owner, await aCompetition(db.owner, { publishedAt: hoursFromNow(1) }));
    expect(await listUncommitted(db.scorer)).not.toContain(draft.id);
    const { competition } = await twoTeams();
    expect(await listUncommitted(db.scorer)).toContain(competition.id);
    await db.scorer.transaction((tx) => recordCommitment(tx, competition));
    const [first] = await listCommitments(db.web, competition.id);
    await editLabels(db.scorer, competition.id, [{ id: 'u1', reference: 'да' }], act);
    await rescored(competition);
    await applyDraft(db.scorer, competition.id, act, findTies);
    const both = await listCommitments(db.web, competition.id);
    expect(both.map(({ labelVersion }) => labelVersion)).toEqual([1, 2]);
    expect(both[0]).toEqual(first);
    expect(digestOfLabelFile(await readLabelFile(db.scorer, competition, 1))).toEqual(first!.sha256);
    await expect(db.owner.execute(sql`update label_commitments set sha256 = sha256`)).rejects.toMatchObject({
      cause: { code: '42501' },
    });
    await expect(readLabelFile(db.web, competition, 1)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('is of the bytes that docs/en/operators/commitment.md describes', async () => {
    const { competition } = await aContest(db);
    const bytes = await readLabelFile(db.scorer, competition, 1);
    const lines = bytes.toString().split('\n');
    expect(Object.keys(JSON.parse(lines[0]!))).toEqual(['rostrum', 'competition', 'labelVersion', 'salt']);
    expect(lines[1]).toBe(
      '{"id":"u1","fold":"public","unit":"u1","excluded":false,"references":["раз два три четыре пять"]}',
    );
    expect(lines).toHaveLength(12);
    expect(readFileSync(join(import.meta.dirname, '../../docs/en/operators/commitment.md'), 'utf8')).toContain(
      '"references"',
    );
  });
});
