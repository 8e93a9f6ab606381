import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { updateCompetition } from '#lib/db/competitions.ts';
import { counts, events, publishedScores } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import type { Mapping } from '#lib/mapping.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { aCompetition, tenUtterances } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const mapping: Mapping = [{ from: 'пят', to: 'пять' }];
const owner = { actorId: null, reason: 'spelled both ways' };

describe('a competition’s mapping', () => {
  test('is set and taken away with a reason, and the log recognises it', async () => {
    const { id } = await aCompetition(db.owner);
    expect(await updateCompetition(db.web, id, { mapping }, owner)).toMatchObject({ mapping });
    expect(await updateCompetition(db.web, id, { mapping: null }, owner)).toMatchObject({ mapping: null });
    expect(await changesOf(id)).toMatchObject([
      { reason: owner.reason, details: { mapping: { from: null, to: { rules: 1, sha256: expect.any(String) } } } },
      { details: { mapping: { from: { rules: 1 }, to: null } } },
    ]);
  });

  test('that is sent again is no change, however the database orders its keys', async () => {
    const { id } = await aCompetition(db.owner);
    await updateCompetition(db.web, id, { mapping }, owner);
    await updateCompetition(db.web, id, { mapping: [{ to: 'пять', from: 'пят' }] }, owner);
    expect(await changesOf(id)).toHaveLength(1);
  });

  test.each([
    ['the mapping', { mapping }],
    ['the profile', { profile: 'ru' }],
    ['the size of the public fold', { publicFoldPercent: 50 }],
  ])('%s is fixed once a file is accepted', async (_what, change) => {
    const { competition, author } = await aContest(db);
    await send(db, { competition, author }, 0);
    const refused = updateCompetition(db.web, competition.id, { ...change, teamSize: 7 }, owner);
    await expect(refused).rejects.toMatchObject({ code: 'fixed-by-scores', status: 409 });
    expect(await changesOf(competition.id)).toEqual([]);
    // The control: what scores do not hang on may be changed.
    expect(await updateCompetition(db.web, competition.id, { teamSize: 7 }, owner)).toMatchObject({ teamSize: 7 });
  });
});

describe('a score', () => {
  /** Right but for one spelling, which stands twice in each fold: u1 and u4, u7 and u10. */
  const written = Buffer.from(
    `id,text\n${tenUtterances.map(({ id, reference }) => `${id},${spelled(reference)}`).join('\n')}\n`,
  );
  const alike: Mapping = [{ from: 'пят', to: 'пять' }];

  test('moves with the mapping, on both folds and in its public figure, and says so', async () => {
    const plain = await scored({ mapping: null });
    const mapped = await scored({ mapping: alike });
    expect(errorsOf(plain)).toEqual({ public: 2, private: 2 });
    expect(errorsOf(mapped)).toEqual({ public: 0, private: 0 });
    expect([plain.shown.werPermille, mapped.shown.werPermille]).toEqual([80, 0]);
    expect(plain.shown.profileHash).not.toBe(mapped.shown.profileHash);
    expect(new Set(mapped.exact.map(({ profileHash }) => profileHash))).toEqual(new Set([mapped.shown.profileHash]));
    expect(mapped.shown.profileHash).toBe(profileHash('raw', alike));
  });

  test('(control) has the same hash by the same rules', async () => {
    const [one, other] = [await scored({ mapping: alike }), await scored({ mapping: alike })];
    expect(one.shown.profileHash).toBe(other.shown.profileHash);
    expect(errorsOf(one)).toEqual(errorsOf(other));
  });

  test('reads references by the rules of its own competition, also while those of another are kept', async () => {
    const [plain, mapped] = [await aContest(db), await aContest(db, { mapping: alike })];
    const sent = [await sendWritten(plain), await sendWritten(mapped)];
    await scoreAll(db);
    const errors = await Promise.all(sent.map(async (id) => errorsOf(await scoreOf(id)).public));
    expect(errors).toEqual([2, 0]);
  });

  async function scored(given: Parameters<typeof aContest>[1]) {
    const id = await sendWritten(await aContest(db, given));
    await scoreAll(db);
    return scoreOf(id);
  }

  async function sendWritten(contest: Contest): Promise<string> {
    return (await send(db, contest, 0, { bytes: written })).id;
  }

  async function scoreOf(id: string) {
    const exact = await db.owner.select().from(counts).where(eq(counts.submissionId, id));
    const shown = await db.owner.select().from(publishedScores).where(eq(publishedScores.submissionId, id));
    return { exact, shown: shown[0]! };
  }

  const errorsOf = ({ exact }: Awaited<ReturnType<typeof scoreOf>>) =>
    Object.fromEntries(exact.map(({ fold, substitutions: s, deletions: d, insertions: i }) => [fold, s + d + i]));
});

function spelled(reference: string): string {
  return reference.replace('пять', 'пят');
}

function changesOf(id: string) {
  return db.owner
    .select({ reason: events.reason, details: events.details })
    .from(events)
    .where(and(eq(events.competitionId, id), eq(events.kind, 'competition-changed')))
    .orderBy(events.id);
}
