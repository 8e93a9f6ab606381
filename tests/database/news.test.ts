import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import {
  editAnnouncement,
  listAllAnnouncements,
  listAnnouncements,
  publishAnnouncement,
  withdrawAnnouncement,
} from '#lib/db/announcements.ts';
import { findCompetition } from '#lib/db/competitions.ts';
import { countWaiting } from '#lib/db/overview.ts';
import {
  answerQuestion,
  askQuestion,
  listAskedQuestions,
  listPublicQuestions,
  listQuestionsOf,
} from '#lib/db/questions.ts';
import { events, mails } from '#lib/db/schema.ts';
import { aCompetition, aTeam, aUser, type TestUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
let organiser: TestUser;
beforeAll(async () => {
  db = await aDatabase();
  organiser = await aUser(db.owner, { name: 'Ольга' });
});

const act = () => ({ actorId: organiser.id, site: 'https://rostrum.example' });
const text = { titleRu: 'Новый срок', titleEn: 'New date', bodyRu: 'До **пятницы**.', bodyEn: 'Until **Friday**.' };
const newsVersionOf = async ({ slug }: Competition) => (await findCompetition(db.web, slug))!.newsVersion;
const mailsTo = async ({ email }: TestUser) => db.owner.select().from(mails).where(eq(mails.recipient, email));

describe('an announcement', () => {
  test('stands at once, newest first, and goes by mail to members of teams where that is asked for', async () => {
    const competition = await aCompetition(db.owner);
    const { people } = await aTeam(db.owner, competition, { people: 2 });
    const { people: elsewhere } = await aTeam(db.owner, await aCompetition(db.owner));
    await publishAnnouncement(db.web, competition, { ...text, byMail: false }, act());
    expect(await mailsTo(people[0]!)).toEqual([]);
    const second = await publishAnnouncement(db.web, competition, { ...text, titleRu: 'Ещё', byMail: true }, act());
    expect((await listAnnouncements(db.web, competition.id)).map(({ titleRu }) => titleRu)).toEqual([
      'Ещё',
      'Новый срок',
    ]);
    for (const person of people) {
      const [mail] = await mailsTo(person);
      expect(mail).toMatchObject({ subject: expect.stringContaining('Ещё') });
      expect(mail!.bodyText).toContain(`https://rostrum.example/c/${competition.slug}/news#${second.id}`);
    }
    expect(await mailsTo(elsewhere[0]!)).toEqual([]);
    expect(await newsVersionOf(competition)).toBe(competition.newsVersion + 2);
  });

  test('that is edited says so, and the log keeps the wording before', async () => {
    const competition = await aCompetition(db.owner);
    const { id, edition } = await publishAnnouncement(db.web, competition, { ...text, byMail: false }, act());
    const which = { competitionId: competition.id, id, edition };
    await editAnnouncement(db.web, which, { ...text, bodyRu: 'До субботы.' }, act());
    expect((await listAllAnnouncements(db.web, competition.id))[0]).toMatchObject({
      bodyRu: 'До субботы.',
      edition: 2,
      editedAt: expect.any(Date),
    });
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(logged[1]).toMatchObject({
      kind: 'announcement-edited',
      details: { from: text, to: { bodyRu: 'До субботы.' } },
    });
    await expect(editAnnouncement(db.web, which, text, act())).rejects.toMatchObject({ code: 'edited-meanwhile' });
  });

  test('of two organisers who edit at once takes one wording and tells the other', async () => {
    const competition = await aCompetition(db.owner);
    const { id, edition } = await publishAnnouncement(db.web, competition, { ...text, byMail: false }, act());
    const which = { competitionId: competition.id, id, edition };
    const outcomes = await Promise.allSettled(
      ['а', 'б'].map((bodyRu) => editAnnouncement(db.web, which, { ...text, bodyRu }, act())),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that is withdrawn is gone for all but those who run the competition, and can be edited no more', async () => {
    const competition = await aCompetition(db.owner);
    const { id } = await publishAnnouncement(db.web, competition, { ...text, byMail: false }, act());
    const which = { competitionId: competition.id, id };
    await expect(withdrawAnnouncement(db.web, { ...which, competitionId: organiser.id }, act())).rejects.toMatchObject({
      code: 'not-found',
    });
    await withdrawAnnouncement(db.web, which, act());
    expect(await listAnnouncements(db.web, competition.id)).toEqual([]);
    expect(await listAllAnnouncements(db.web, competition.id)).toMatchObject([{ withdrawnAt: expect.any(Date) }]);
    await expect(editAnnouncement(db.web, { ...which, edition: 1 }, text, act())).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('has a title, on one line', async () => {
    const competition = await aCompetition(db.owner);
    const publish = (titleRu: string) =>
      publishAnnouncement(db.web, competition, { ...text, titleEn: '', titleRu, byMail: false }, act());
    await expect(publish(' \n')).rejects.toMatchObject({ code: 'news-title-missing' });
    expect((await publish('Перенос\r\nBcc: all@example.org')).titleRu).toBe('Перенос Bcc: all@example.org');
  });
});

describe('a question', () => {
  async function anAsker(competition: Competition) {
    const { people } = await aTeam(db.owner, competition, { people: 2 });
    return { asker: people[0]!, mate: people[1]! };
  }

  test('is its asker’s alone until it is answered to all, and then in the wording of who answered', async () => {
    const competition = await aCompetition(db.owner);
    const { asker, mate } = await anAsker(competition);
    const { id } = await askQuestion(db.web, competition.id, asker.id, ' Это Анна: можно ли внешние данные? ');
    expect(await listQuestionsOf(db.web, competition.id, mate.id)).toEqual([]);
    expect(await listPublicQuestions(db.web, competition.id)).toEqual([]);
    const written = { answer: 'Можно, с указанием.', publicBody: 'Можно ли внешние данные?' };
    await answerQuestion(db.web, competition, { id, seen: null }, written, act());
    const shown = await listPublicQuestions(db.web, competition.id);
    expect(shown).toEqual([
      { id, body: 'Можно ли внешние данные?', answer: 'Можно, с указанием.', answeredAt: expect.any(Date) },
    ]);
    expect(JSON.stringify(shown)).not.toContain('Анна');
    expect(await listQuestionsOf(db.web, competition.id, asker.id)).toMatchObject([
      { body: 'Это Анна: можно ли внешние данные?', answer: { text: 'Можно, с указанием.' }, isPublic: true },
    ]);
    const [mail] = await mailsTo(asker);
    expect(mail!.bodyText).toContain('Можно, с указанием.');
    expect(await newsVersionOf(competition)).toBe(competition.newsVersion + 1);
  });

  test('that is answered privately is told nobody else', async () => {
    const competition = await aCompetition(db.owner);
    const { asker } = await anAsker(competition);
    const { id } = await askQuestion(db.web, competition.id, asker.id, 'Я заболел, что делать?');
    await answerQuestion(db.web, competition, { id, seen: null }, { answer: 'Продлим.', publicBody: null }, act());
    expect(await listPublicQuestions(db.web, competition.id)).toEqual([]);
    expect(await newsVersionOf(competition)).toBe(competition.newsVersion);
    // The log holds neither text: it outlives an erased person.
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(JSON.stringify(logged)).not.toMatch(/заболел|Продлим/);
    expect(logged.map(({ kind }) => kind)).toEqual(['question-asked', 'question-answered']);
  });

  test('waits on top, the longest first, with the asker and the team of the time', async () => {
    const competition = await aCompetition(db.owner);
    const { asker } = await anAsker(competition);
    const ask = (body: string) => askQuestion(db.web, competition.id, asker.id, body);
    const [first] = [await ask('Первый?'), await ask('Второй?'), await ask('Третий?')];
    await answerQuestion(db.web, competition, { id: first.id, seen: null }, { answer: 'Да.', publicBody: null }, act());
    const asked = await listAskedQuestions(db.web, competition.id, { offset: 0, limit: 20 });
    expect(asked.map(({ body }) => body)).toEqual(['Второй?', 'Третий?', 'Первый?']);
    expect(asked[0]).toMatchObject({ asker: asker.name, team: expect.stringMatching(/^Team /), answer: null });
    expect(asked[2]).toMatchObject({ answer: { text: 'Да.', by: 'Ольга' } });
    expect(await countWaiting(db.web, competition.id)).toEqual({ questions: 2, flags: 0, failures: 0 });
  });

  test('is answered by one of two at once; the other is told, and may answer anew', async () => {
    const competition = await aCompetition(db.owner);
    const { asker } = await anAsker(competition);
    const { id } = await askQuestion(db.web, competition.id, asker.id, 'Когда?');
    const answer = (said: string, seen: Date | null) =>
      answerQuestion(db.web, competition, { id, seen }, { answer: said, publicBody: null }, act());
    const outcomes = await Promise.allSettled([answer('Завтра.', null), answer('В среду.', null)]);
    expect(outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason.code] : []))).toEqual(['answered-meanwhile']);
    const [question] = await listAskedQuestions(db.web, competition.id, { offset: 0, limit: 20 });
    await answer('В четверг.', question!.answer!.at);
    expect((await listQuestionsOf(db.web, competition.id, asker.id))[0]!.answer!.text).toBe('В четверг.');
  });

  test('has some text, and ten come in an hour', async () => {
    const competition = await aCompetition(db.owner);
    const { asker, mate } = await anAsker(competition);
    const ask = (body: string) => askQuestion(db.web, competition.id, asker.id, body);
    await expect(ask(' \n ')).rejects.toMatchObject({ code: 'question-length' });
    await expect(ask('я'.repeat(2001))).rejects.toMatchObject({ code: 'question-length' });
    const outcomes = await Promise.allSettled(Array.from({ length: 14 }, () => ask('Когда?')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    // The control: others may still ask.
    await askQuestion(db.web, competition.id, mate.id, '😀'.repeat(1000));
  });
});
