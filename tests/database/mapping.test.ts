import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { updateCompetition } from '#lib/db/competitions.ts';
import { events } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import type { Mapping } from '#lib/mapping.ts';
import { aCompetition } from '../builders.ts';
import { aContest, send } from '../contest.ts';
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

function changesOf(id: string) {
  return db.owner
    .select({ reason: events.reason, details: events.details })
    .from(events)
    .where(and(eq(events.competitionId, id), eq(events.kind, 'competition-changed')))
    .orderBy(events.id);
}
