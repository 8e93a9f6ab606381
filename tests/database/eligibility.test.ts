import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '#lib/board.ts';
import { createSnapshot, getBoard } from '#lib/db/boards.ts';
import { listEligibility, markTeam } from '#lib/db/eligibility.ts';
import { getCardState, reopenCard, saveCard } from '#lib/db/method-cards.ts';
import { competitions, events, mails } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import { missingParts, readCard } from '#lib/method-card.ts';
import { findTies } from '#scoring/board-ties.ts';
import { aTeam, aUser, hoursFromNow } from '../builders.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const typed = {
  model: ' Conformer,\r\n30 M parameters ',
  data: 'the train split',
  externalServices: 'none',
  codeLink: 'https://example.org/code',
  codeCommit: '0123ABC',
};
const act = (reason: string) => ({ actorId: null, reason, site: 'https://rostrum.example.org' });

describe('a method card', () => {
  test('is kept tidy, says what is missing, and refuses what is no link and no commit', () => {
    expect(readCard(typed)).toMatchObject({ model: 'Conformer,\n30 M parameters', codeCommit: '0123abc' });
    expect(missingParts(readCard({ ...typed, data: ' ', codeLink: '' }))).toEqual(['data', 'codeLink']);
    const refusals = [
      [{ codeLink: 'javascript:alert(1)' }, 'card-link'],
      [{ codeCommit: 'main' }, 'card-commit'],
      [{ model: 'x'.repeat(4001) }, 'card-too-long'],
    ] as const;
    for (const [change, code] of refusals) {
      expect(() => readCard({ ...typed, ...change })).toThrow(expect.objectContaining({ code }));
    }
  });

  test('is written by any member until the close, and after it where an organiser lets the team', async () => {
    const contest = await aContest(db);
    const { id } = contest.competition;
    const { team, people } = await aTeam(db.owner, contest.competition, { people: 2 });
    await saveCard(db.web, id, people[0]!.id, readCard(typed));
    await saveCard(db.web, id, people[1]!.id, readCard({ ...typed, data: 'and more' }));
    await expect(saveCard(db.web, id, (await aUser(db.owner)).id, readCard(typed))).rejects.toMatchObject({
      code: 'team',
    });
    const closed = { submissionsEndAt: hoursFromNow(-1) };
    const [competition] = await db.owner.update(competitions).set(closed).where(eq(competitions.id, id)).returning();
    await expect(saveCard(db.web, id, people[0]!.id, readCard(typed))).rejects.toMatchObject({ code: 'card-closed' });
    const key = { competitionId: id, teamId: team.id };
    await reopenCard(db.web, key, true, act('the link was wrong'));
    await saveCard(db.web, id, people[0]!.id, readCard(typed));
    expect(await getCardState(db.web, competition!, team.id)).toMatchObject({
      isOpen: true,
      card: { data: 'the train split', editedBy: people[0]!.name },
    });
    await reopenCard(db.web, key, false, act('done'));
    await expect(saveCard(db.web, id, people[0]!.id, readCard({ ...typed, data: '' }))).rejects.toThrow();
    const kinds = await db.owner.select().from(events).where(eq(events.subject, team.id)).orderBy(events.id);
    expect(kinds.map(({ kind, details }) => [kind, details.parts])).toEqual([
      ['method-card-edited', ['model', 'data', 'externalServices', 'codeLink', 'codeCommit']],
      ['method-card-edited', ['data']],
      ['method-card-reopened', undefined],
      ['method-card-edited', ['data']],
      ['method-card-closed', undefined],
    ]);
  });
});

describe('eligibility', () => {
  test('takes a team out of the ranking with a reason that it is told, and gives it its place back', async () => {
    const contest = await aContest(db);
    const { competition, team, author } = contest;
    const rival = await aTeam(db.owner, competition);
    await send(db, contest, 3);
    await send(db, { competition, author: rival.people[0]! }, 6);
    await scoreAll(db);
    const key = { competitionId: competition.id, teamId: team.id };
    await expect(markTeam(db.web, key, false, act(' '))).rejects.toMatchObject({ code: 'no-reason' });
    const ranks = async () => {
      await createSnapshot(db.scorer, competition.id, findTies);
      const { rows } = readSnapshot((await getBoard(db.web, competition)).body);
      return rows.map(({ teamId, rank, isUnranked = false }) => [teamId, rank, isUnranked]);
    };
    await markTeam(db.web, key, false, act('a rented service wrote the texts'));
    expect(await ranks()).toEqual([
      [team.id, null, true],
      [rival.team.id, 1, false],
    ]);
    const [mail] = await db.owner.select().from(mails).where(eq(mails.recipient, author.email));
    expect(mail?.bodyText).toContain('a rented service wrote the texts');
    expect(await listEligibility(db.web, competition)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: team.id,
          card: null,
          mark: expect.objectContaining({ isRanked: false, reason: 'a rented service wrote the texts' }),
          finals: expect.objectContaining({ reason: 'best-public' }),
        }),
        expect.objectContaining({ id: rival.team.id, mark: null }),
      ]),
    );
    await markTeam(db.web, key, true, act('it was their own'));
    expect(await ranks()).toEqual([
      [team.id, 1, false],
      [rival.team.id, 2, false],
    ]);
  });

  test('is decided about teams of one’s own competition only', async () => {
    const [own, other] = [await aContest(db), await aContest(db)];
    const key = { competitionId: own.competition.id, teamId: other.team.id };
    await expect(markTeam(db.web, key, false, act('why'))).rejects.toMatchObject({ status: 404 });
    await expect(reopenCard(db.web, key, true, act('why'))).rejects.toMatchObject({ status: 404 });
  });
});
