import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { markTeam } from '#lib/db/eligibility.ts';
import { pickFinal } from '#lib/db/finals.ts';
import { findResults } from '#lib/db/results.ts';
import { competitions, events, resultSnapshots } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import { recordDueResults, rehearseResults } from '#scoring/results.ts';
import {
  aCompetition,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  hoursFromNow,
  type TestUtterance,
} from '../builders.ts';
import { type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

/** Of five words each, every other on the private fold. */
const forty: readonly TestUtterance[] = Array.from({ length: 40 }, (_, i) => ({
  id: `u${i + 1}`,
  reference: `раз два три четыре ${['пять', 'шесть', 'семь'][i % 3]}`,
  fold: i % 2 === 0 ? 'public' : 'private',
}));

/** Wrong words on each fold. */
type Wrong = { public: number; private: number };

function aFile(wrong: Wrong, split = forty): Buffer {
  const byFold = (fold: 'public' | 'private') => {
    const part = split.filter((utterance) => utterance.fold === fold);
    return aPredictionsFile(part, wrong[fold]).toString().split('\n').slice(1, -1);
  };
  return Buffer.from(`id,text\n${[...byFold('public'), ...byFold('private')].join('\n')}\n`);
}

async function aFinishedContest(given: Parameters<typeof aCompetition>[1] = {}): Promise<Competition> {
  const revealsAt = hoursFromNow(8 * 24);
  return aTestSplit(db.owner, await aCompetition(db.owner, { revealsAt, dailyQuota: 100, ...given }), forty);
}

async function aTeamWith(
  competition: Competition,
  name: string,
  files: readonly (Wrong & { isPicked?: boolean })[],
  given: Parameters<typeof aTeam>[2] = {},
): Promise<Contest> {
  const { team, people } = await aTeam(db.owner, competition, { name, ...given });
  const contest = { competition, team, author: people[0]! };
  for (const { isPicked = false, ...wrong } of files) {
    const { id: submissionId } = await send(db, contest, 0, { bytes: aFile(wrong) });
    await scoreAll(db);
    if (isPicked) await pickFinal(db.web, competition.id, contest.author.id, { submissionId, isPicked });
  }
  return contest;
}

async function pin(competition: Competition, wrong: Wrong): Promise<void> {
  const bytes = aFile(wrong);
  const about = { name: 'Baseline', fileName: 'b.csv', note: '', codeLink: null };
  const sha256 = createHash('sha256').update(bytes).digest();
  const parsed = { format: 'csv', warnings: [] };
  await pinBaseline(db.web, competition.id, { ...about, split: 'test', bytes, sha256, parsed }, { actorId: null });
  await scoreAll(db);
}

async function reveal({ id }: Competition): Promise<void> {
  await db.owner.execute(sql`
    update competitions set submissions_end_at = rostrum_now() - interval '2 seconds',
      reveals_at = rostrum_now() - interval '1 second' where id = ${id}`);
}

const act = { actorId: null, reason: 'trained on the test recordings', site: 'https://rostrum.example.org' };
const shown = async (competition: Competition) =>
  (await findResults(db.web, competition.id))?.rows.map(({ team, place, private: fold }) => [team, place, fold.errors]);

describe('the result', () => {
  test('is made once the reveal has passed, of the better of the picks or the best public file', async () => {
    const competition = await aFinishedContest();
    await pin(competition, { public: 40, private: 90 });
    await aTeamWith(competition, 'picks', [
      { public: 1, private: 30 },
      { public: 20, private: 12, isPicked: true },
      { public: 22, private: 11, isPicked: true },
    ]);
    await aTeamWith(competition, 'fallback', [
      { public: 30, private: 1 },
      { public: 3, private: 25 },
    ]);
    await aTeamWith(competition, 'equal', [{ public: 9, private: 25 }]);
    await aTeamWith(competition, 'guest', [{ public: 9, private: 2 }], { isGuest: true });
    await aTeamWith(competition, 'level', [{ public: 9, private: 90 }]);
    await reveal(competition);
    await Promise.all([recordDueResults(db.scorer), recordDueResults(db.scorer)]);
    const results = await findResults(db.web, competition.id);
    const rows = results?.rows.map(({ team, place, private: fold, beatsBaseline, reason }) => [
      team,
      place,
      fold.errors,
      beatsBaseline,
      reason,
    ]);
    expect(rows).toEqual([
      ['guest', null, 2, true, 'best-public'],
      ['picks', 1, 11, true, 'picked'],
      ['equal', 2, 25, true, 'best-public'],
      ['fallback', 2, 25, true, 'best-public'],
      ['Baseline', null, 90, null, 'latest'],
      ['level', 4, 90, false, 'best-public'],
    ]);
    expect(results?.version).toBe(1);
    expect(results?.rows[1]).toMatchObject({ private: { words: 100 }, public: { errors: 22, words: 100 } });
    expect(results?.ties).toMatchObject({ method: 'all-pairs', units: 20, resamples: 10_000 });
    const byTeam = new Map(results?.rows.map((row) => [row.team, row]));
    expect(byTeam.get('picks')!.pValue).toBeLessThan(0.05);
    expect(byTeam.get('level')!.pValue).toBe(1);
    expect(['picks', 'equal', 'fallback', 'level'].map((team) => byTeam.get(team)!.tied)).toEqual([1, 1, 1, null]);
  });

  test('waits for files that came in time and are not scored yet', async () => {
    const competition = await aFinishedContest();
    const contest = await aTeamWith(competition, 'a', [{ public: 5, private: 5 }]);
    await send(db, contest, 0, { bytes: aFile({ public: 1, private: 1 }) });
    await reveal(competition);
    await recordDueResults(db.scorer);
    expect(await shown(competition)).toBeUndefined();
    await scoreAll(db);
    await recordDueResults(db.scorer);
    expect(await shown(competition)).toEqual([['a', 1, 1]]);
  });

  test('is made anew when a team is taken out of the ranking, which shifts nobody below, and the first stays', async () => {
    const competition = await aFinishedContest();
    const first = await aTeamWith(competition, 'first', [{ public: 1, private: 1 }]);
    await aTeamWith(competition, 'second', [{ public: 2, private: 2 }]);
    await reveal(competition);
    await recordDueResults(db.scorer);
    await recordDueResults(db.scorer);
    await markTeam(db.web, { competitionId: competition.id, teamId: first.team.id }, false, act);
    await recordDueResults(db.scorer);
    await recordDueResults(db.scorer);
    expect(await shown(competition)).toEqual([
      ['first', null, 1],
      ['second', 1, 2],
    ]);
    const versions = await db.owner
      .select({ version: resultSnapshots.version })
      .from(resultSnapshots)
      .where(eq(resultSnapshots.competitionId, competition.id));
    expect(versions).toHaveLength(2);
    await expect(db.scorer.execute(sql`delete from hidden.result_snapshots`)).rejects.toThrow();
  });
});

describe('before the reveal', () => {
  test('there is no result, for the worker either, and a stored one is hidden again where the reveal is moved', async () => {
    const competition = await aFinishedContest();
    await aTeamWith(competition, 'a', [{ public: 1, private: 1 }]);
    await recordDueResults(db.scorer);
    const stored = () =>
      db.owner.select().from(resultSnapshots).where(eq(resultSnapshots.competitionId, competition.id));
    expect(await stored()).toEqual([]);
    await reveal(competition);
    await recordDueResults(db.scorer);
    expect(await shown(competition)).toEqual([['a', 1, 1]]);
    await db.owner
      .update(competitions)
      .set({ revealsAt: hoursFromNow(1) })
      .where(eq(competitions.id, competition.id));
    expect(await findResults(db.web, competition.id)).toBeNull();
    expect(await stored()).toHaveLength(1);
  });

  test('an organiser rehearses it with a reason that the log keeps, and nothing is stored', async () => {
    const competition = await aFinishedContest();
    await aTeamWith(competition, 'a', [{ public: 3, private: 7 }]);
    const user = await aUser(db.owner);
    await expect(rehearseResults(db.scorer, { user, competition }, ' ')).rejects.toMatchObject({ code: 'no-reason' });
    const { rows } = await rehearseResults(db.scorer, { user, competition }, 'sound check');
    expect(rows.map((row) => row.private.errors)).toEqual([7]);
    const log = await db.owner.select().from(events).where(eq(events.kind, 'results-rehearsed'));
    expect(log).toMatchObject([{ actorId: user.id, competitionId: competition.id, reason: 'sound check' }]);
    expect(await findResults(db.web, competition.id)).toBeNull();
  });
});
