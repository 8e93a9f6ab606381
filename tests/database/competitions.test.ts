import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  competitionDefaults,
  createCompetition,
  findRole,
  getVisibleCompetition,
  grantRole,
  listCompetitionsRunBy,
  listPublishedCompetitions,
  updateCompetition,
} from '#lib/db/competitions.ts';
import { acceptRules, findAcceptance, hasAcceptedRules, mayReadData } from '#lib/db/rule-acceptances.ts';
import { competitions, events, ruleAcceptances } from '#lib/db/schema.ts';
import { aCompetition, aUser, hoursFromNow } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

const eventsOf = (competitionId: string) =>
  db.owner.select().from(events).where(eq(events.competitionId, competitionId)).orderBy(events.id);
const nobody = { actorId: null };

describe('accepting the rules', () => {
  test('is recorded once with its instant and version, however often it is pressed at once', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aUser(db.owner);
    expect(await hasAcceptedRules(db.web, competition, user.id)).toBe(false);
    await Promise.all(Array.from({ length: 5 }, () => acceptRules(db.web, competition.id, user.id)));
    const rows = await db.owner.select().from(ruleAcceptances).where(eq(ruleAcceptances.userId, user.id));
    expect(rows).toMatchObject([{ rulesVersion: 1, acceptedAt: expect.any(Date) }]);
    expect((await eventsOf(competition.id)).map(({ kind }) => kind)).toEqual(['rules-accepted']);
  });

  test('is registration: refused outside its window', async () => {
    const user = await aUser(db.owner);
    const over = await aCompetition(db.owner, { registrationEndsAt: hoursFromNow(-1) });
    await expect(acceptRules(db.web, over.id, user.id)).rejects.toMatchObject({ code: 'registration-closed' });
    const ahead = await aCompetition(db.owner, { registrationStartsAt: hoursFromNow(1) });
    await expect(acceptRules(db.web, ahead.id, user.id)).rejects.toMatchObject({ code: 'registration-closed' });
  });

  test('of changed rules is asked again, and possible after registration for who registered in time', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aUser(db.owner);
    await acceptRules(db.web, competition.id, user.id);
    const change = { rulesRu: 'Новые правила', registrationEndsAt: hoursFromNow(-1) };
    const changed = await updateCompetition(db.web, competition.id, change, nobody);
    expect(changed.rulesVersion).toBe(2);
    expect(await hasAcceptedRules(db.web, changed, user.id)).toBe(false);
    await acceptRules(db.web, competition.id, user.id);
    expect(await findAcceptance(db.web, competition.id, user.id)).toMatchObject({ rulesVersion: 2 });
  });

  test('of rules that changed while they were read is refused', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aUser(db.owner);
    await updateCompetition(db.web, competition.id, { rulesEn: 'New rules' }, nobody);
    await expect(acceptRules(db.web, competition.id, user.id, 1)).rejects.toMatchObject({ code: 'rules-changed' });
    await acceptRules(db.web, competition.id, user.id, 2);
  });

  test('opens the data, as running the competition does', async () => {
    const competition = await aCompetition(db.owner);
    const [user, assistant, administrator] = [
      await aUser(db.owner),
      await aUser(db.owner),
      await aUser(db.owner, { isAdministrator: true }),
    ];
    expect(await mayReadData(db.web, competition, user)).toBe(false);
    await acceptRules(db.web, competition.id, user.id);
    await grantRole(db.web, competition.id, assistant.id, 'assistant', nobody);
    for (const reader of [user, assistant, administrator]) {
      expect(await mayReadData(db.web, competition, reader)).toBe(true);
    }
  });
});

describe('a draft', () => {
  test('exists for those who run it, and for nobody else', async () => {
    const draft = await aCompetition(db.owner, { publishedAt: null });
    const [stranger, organiser, administrator] = [
      await aUser(db.owner),
      await aUser(db.owner),
      await aUser(db.owner, { isAdministrator: true }),
    ];
    await grantRole(db.web, draft.id, organiser.id, 'organiser', nobody);
    for (const viewer of [null, stranger]) {
      await expect(getVisibleCompetition(db.web, draft.slug, viewer)).rejects.toMatchObject({ code: 'not-found' });
    }
    for (const viewer of [organiser, administrator]) {
      expect((await getVisibleCompetition(db.web, draft.slug, viewer)).id).toBe(draft.id);
    }
    expect((await listPublishedCompetitions(db.web)).map(({ id }) => id)).not.toContain(draft.id);
  });

  test('that is to be published later is a draft until then', async () => {
    const planned = await aCompetition(db.owner, { publishedAt: hoursFromNow(1) });
    await expect(getVisibleCompetition(db.web, planned.slug, null)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('creating a competition', () => {
  test('makes its creator the organiser of a draft with sound windows', async () => {
    const user = await aUser(db.owner, { isAdministrator: true });
    const given = competitionDefaults('autumn-2026', { nameRu: 'Осень' }, new Date());
    const created = await createCompetition(db.web, given, { actorId: user.id });
    expect(created).toMatchObject({ publishedAt: null, createdBy: user.id, nameRu: 'Осень', nameEn: 'autumn-2026' });
    expect(await findRole(db.web, created.id, user.id)).toBe('organiser');
    expect((await listCompetitionsRunBy(db.web, user.id)).map(({ id }) => id)).toEqual([created.id]);
  });

  test('at an address that is taken is refused', async () => {
    const { slug } = await aCompetition(db.owner);
    await expect(createCompetition(db.web, competitionDefaults(slug, {}, new Date()), nobody)).rejects.toMatchObject({
      code: 'slug-taken',
      status: 409,
    });
  });
});

describe('changing a competition', () => {
  test('logs each boundary with where it was, where it is, by whom and why', async () => {
    const competition = await aCompetition(db.owner);
    const user = await aUser(db.owner);
    const submissionsEndAt = hoursFromNow(24 * 8);
    const act = { actorId: user.id, reason: 'Сервер не отвечал два часа' };
    await updateCompetition(db.web, competition.id, { submissionsEndAt }, act);
    const [event] = await eventsOf(competition.id);
    expect(event).toMatchObject({
      kind: 'competition-changed',
      actorId: user.id,
      reason: act.reason,
      details: {
        submissionsEndAt: { from: competition.submissionsEndAt.toISOString(), to: submissionsEndAt.toISOString() },
      },
    });
  });

  test('that changes nothing is not an event', async () => {
    const competition = await aCompetition(db.owner);
    const { submissionsEndAt, nameRu } = competition;
    await updateCompetition(db.web, competition.id, { submissionsEndAt, nameRu }, nobody);
    expect(await eventsOf(competition.id)).toEqual([]);
  });

  test.each([
    ['window-order', { registrationEndsAt: hoursFromNow(-48) }],
    ['window-order', { teamChangesEndAt: hoursFromNow(-24 * 30) }],
    ['window-order', { submissionsEndAt: hoursFromNow(-24 * 30) }],
    ['reveal-order', { revealsAt: hoursFromNow(1) }],
    ['reveal-order', { freezesAt: hoursFromNow(24 * 20), revealsAt: hoursFromNow(24 * 10) }],
  ])('is refused as %s where instants contradict each other', async (code, change) => {
    const competition = await aCompetition(db.owner);
    await expect(updateCompetition(db.web, competition.id, change, nobody)).rejects.toMatchObject({
      code,
      status: 422,
    });
    const [row] = await db.owner.select().from(competitions).where(eq(competitions.id, competition.id));
    expect(row).toEqual(competition);
  });

  test('by two organisers at once keeps both changes', async () => {
    const competition = await aCompetition(db.owner);
    await Promise.all([
      updateCompetition(db.web, competition.id, { teamSize: 3 }, nobody),
      updateCompetition(db.web, competition.id, { dailyQuota: 9 }, nobody),
    ]);
    const [row] = await db.owner.select().from(competitions).where(eq(competitions.id, competition.id));
    expect(row).toMatchObject({ teamSize: 3, dailyQuota: 9 });
  });
});
