import { beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '#lib/board.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { getBoard } from '#lib/db/boards.ts';
import { events, mails, submissions } from '#lib/db/schema.ts';
import { republishScores } from '#lib/db/score-records.ts';
import { findVoidingReason, setVoided } from '#lib/db/voiding.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { anUpload, aPredictionsFile, tenUtterances } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const act = (reason: string) => ({ actorId: null, reason, site: 'https://rostrum.example.org' });

/** As a worker does when it is told of the board. */
const redraw = (competitionId: string) => db.scorer.transaction((tx) => republishScores(tx, competitionId, findTies));

async function shownErrors({ competition }: Contest): Promise<(number | null)[]> {
  const { body } = await getBoard(db.web, competition);
  return readSnapshot(body).rows.map(({ wer }) => wer);
}

describe('a file that organisers void', () => {
  test('counts no more on the board until it is restored, and nothing of it is lost', async () => {
    const contest = await aContest(db);
    const { id: competitionId } = contest.competition;
    await send(db, contest, 4);
    const best = await send(db, contest, 1);
    await scoreAll(db);
    const before = await shownErrors(contest);
    const key = { competitionId, submissionId: best.id };

    await setVoided(db.web, key, true, act('Обучали на записях test'));
    await redraw(competitionId);
    const without = await shownErrors(contest);
    expect(without[0]).toBeGreaterThan(before[0]!);
    expect(await findVoidingReason(db.web, best.id)).toBe('Обучали на записях test');
    // Once more changes nothing.
    await setVoided(db.web, key, true, act('ещё раз'));
    const told = (await db.owner.select().from(mails)).filter(({ bodyText }) => bodyText.includes('Обучали'));
    expect(told).toHaveLength(1);

    await setVoided(db.web, key, false, act('Ошиблись'));
    await redraw(competitionId);
    expect(await shownErrors(contest)).toEqual(before);
    const rows = await db.owner.select().from(submissions);
    expect(rows.find(({ id }) => id === best.id)).toMatchObject({ state: 'scored', voidedAt: null });
    const kinds = (await db.owner.select().from(events)).filter(({ subject }) => subject === best.id);
    expect(kinds.map(({ kind }) => kind)).toEqual(['submission-received', 'submission-voided', 'submission-restored']);
  });

  test('takes a reason, belongs to the competition, and is no baseline', async () => {
    const contest = await aContest(db);
    const other = await aContest(db);
    const { id: competitionId } = contest.competition;
    const { id: submissionId } = await send(db, contest, 2);
    await expect(setVoided(db.web, { competitionId, submissionId }, true, act('  '))).rejects.toMatchObject({
      code: 'no-reason',
    });
    const elsewhere = { competitionId: other.competition.id, submissionId };
    await expect(setVoided(db.web, elsewhere, true, act('так'))).rejects.toThrow('submission');
    const bytes = aPredictionsFile(tenUtterances, 3);
    const { fileName, sha256, note, codeLink } = anUpload(contest.competition, contest.author, { bytes });
    const about = { name: 'Baseline', split: 'test', bytes, fileName, sha256, note, codeLink } as const;
    const file = { ...about, parsed: { format: 'csv', warnings: [] } };
    const { id: pinned } = await pinBaseline(db.web, competitionId, file, { actorId: null });
    await expect(setVoided(db.web, { competitionId, submissionId: pinned }, true, act('так'))).rejects.toThrow();
  });
});
