import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { chainEvents, checkChain, listChains } from '#lib/db/log-chain.ts';
import { getMailChoices } from '#lib/db/mail-choices.ts';
import { findMentions } from '#lib/db/mentions.ts';
import { competitionRoles, events, mails, submissions, teamMembers, teams, users } from '#lib/db/schema.ts';
import { dismissMember, listTeamless } from '#lib/db/team-administration.ts';
import { recordAdministrator } from '#lib/db/users.ts';
import { log } from '#lib/log.ts';
import { aUser } from '../builders.ts';
import { rostrum } from '../command.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWellKnownPerson, knownName as name, needles, site } from '../well-known-person.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

describe('a person who is erased', () => {
  test('is named nowhere, and their team, its files and the log stay', async () => {
    const { competition, team, canary, mate } = await aWellKnownPerson(db);
    // A mail to somebody else that names them, and has not been sent.
    const other = await aUser(db.owner);
    await db.owner.insert(teamMembers).values({ teamId: team.id, userId: other.id, competitionId: competition.id });
    await dismissMember(db.web, { competitionId: competition.id, teamId: team.id }, other.id, {
      actorId: null,
      reason: `${name} просит`,
      site,
    });
    await chainEvents(db.scorer);
    // The control: all of it is found before.
    const before = (await findMentions(db.owner, needles)).map(({ place }) => place);
    for (const place of [
      'public.users.name',
      'public.users.email',
      'public.users.email_key',
      'public.sessions.user_agent',
      'public.api_tokens.name',
      'public.identities.subject',
      'public.mail_links.email',
      'public.rate_limits.key',
      'public.questions.body',
      'public.questions.answer',
      'public.questions.public_body',
      'public.label_flags.note',
      'public.submissions.file_name',
      'public.submissions.note',
      'public.submissions.code_link',
      'public.submissions.idempotency_key',
      'public.mails.recipient',
      'public.mails.body_text',
    ])
      expect(before).toContain(place);

    await erasePerson(db.web, canary.id, canary.id);

    // What an organiser wrote into the log stands there for good, and the command says so.
    expect(await findMentions(db.owner, needles)).toEqual([{ place: 'public.events.reason', rows: 1 }]);
    const [left] = await db.owner.select().from(users).where(eq(users.id, canary.id));
    expect(left).toMatchObject({
      passwordHash: null,
      name: expect.stringMatching(/^удалённый участник · erased person/),
    });
    const members = await db.owner.select().from(teamMembers).where(eq(teamMembers.teamId, team.id));
    expect(members.map(({ userId }) => userId)).toEqual(expect.arrayContaining([canary.id, mate.id]));
    const [standing] = await db.owner.select().from(teams).where(eq(teams.id, team.id));
    expect(standing).toMatchObject({ captainId: mate.id, disbandedAt: null });
    expect(await db.owner.select().from(submissions).where(eq(submissions.authorId, canary.id))).toMatchObject([
      { state: 'scored', note: '', codeLink: null },
    ]);
    expect(await db.owner.select().from(competitionRoles).where(eq(competitionRoles.userId, canary.id))).toEqual([]);
    const { refused, mutes } = await getMailChoices(db.owner, canary.id);
    expect({ refused, isMuted: mutes.map(({ isMuted }) => isMuted) }).toEqual({ refused: [], isMuted: [false] });
    const about = await db.owner.select().from(events).where(eq(events.actorId, canary.id));
    expect(about.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['person-erased', 'captain-changed']));
    await chainEvents(db.scorer);
    for (const chain of await listChains(db.owner)) expect((await checkChain(db.owner, chain)).fault).toBeNull();
    // Nobody writes to them, and nobody can place them anew.
    expect(await listTeamless(db.web, competition.id)).toEqual([]);
    await erasePerson(db.web, canary.id, null);
  });

  test('leaves a team of one without a captain, and on the board', async () => {
    const contest = await aContest(db);
    await send(db, contest, 2);
    await scoreAll(db);
    await erasePerson(db.web, contest.author.id, contest.author.id);
    const [team] = await db.owner.select().from(teams).where(eq(teams.id, contest.team.id));
    expect(team).toMatchObject({ captainId: null, disbandedAt: null });
    expect(await db.owner.select().from(mails).where(eq(mails.recipient, contest.author.email))).toEqual([]);
  });
});

describe('nobody is erased', () => {
  test('who organises a competition', async () => {
    const { competition, author } = await aContest(db);
    await grantRole(db.owner, competition.id, author.id, 'organiser', { actorId: null });
    await expect(erasePerson(db.web, author.id, author.id)).rejects.toMatchObject({
      code: 'erase-organiser',
      values: { competitions: competition.slug },
    });
  });

  test('who is the last administrator, not even two at once', async () => {
    const two = [await aUser(db.owner), await aUser(db.owner)];
    for (const { id } of two) await recordAdministrator(db.owner, id);
    const gone = await Promise.allSettled(two.map(({ id }) => erasePerson(db.web, id, id)));
    expect(gone.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const left = two[gone.findIndex(({ status }) => status === 'rejected')]!;
    await expect(erasePerson(db.web, left.id, left.id)).rejects.toMatchObject({ code: 'erase-last-administrator' });
  });
});

describe('rostrum admin users', () => {
  test('lists, appoints and erases, and says where a name still stands', async () => {
    const person = await aUser(db.owner, { name: 'Пеликан Кудрявый' });
    const users = (...args: string[]) => rostrum(db.ownerUrl, 'admin', 'users', ...args);
    expect((await users('list')).out).toContain(`${person.email}\tПеликан Кудрявый\n`);
    expect(await users('administrator', person.email)).toMatchObject({ code: 0 });
    const { users: listed } = JSON.parse((await users('list', '--json')).out);
    expect(listed).toContainEqual(expect.objectContaining({ id: person.id, isAdministrator: true, lastSeenAt: null }));
    await aContest(db, { briefRu: 'Придумал Пеликан Кудрявый' });
    const { code, out } = await users('erase', person.email.toUpperCase());
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('public.competitions.brief_ru\t1\n') });
    expect((await users('erase', person.email)).code).toBe(3);
  });
});
