import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '#lib/db/client.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { importRoster, listStudents, removeStudent } from '#lib/db/course-roster.ts';
import { createCourse } from '#lib/db/courses.ts';
import { createRoleInvite, listRoleInvites, withdrawRoleInvite } from '#lib/db/role-invites.ts';
import { createFirstAdministratorLink, findAccountByEmail } from '#lib/db/users.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { parseDomainPattern } from '#lib/identity/email-domains.ts';
import { confirmFirstAdministrator, confirmSignUp, requestMailLink, type Wish } from '#lib/identity/links.ts';
import { findUserByClaims } from '#lib/identity/provider.ts';
import { mayRegister, type Registration } from '#lib/identity/registration.ts';
import { aCompetition, aUser, someClaims } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

const site = 'https://rostrum.example.org';
const network = '192.0.2.1';
const invited: Registration = { who: 'invited' };
const uni: Registration = { who: 'domains', domains: [parseDomainPattern('uni.example')!] };
const everybody: Registration = { who: 'everybody' };
const anna = { name: 'Анна', chosen: { password: 'верный конь', leaks: null } };
let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});

const anAddress = (domain = 'elsewhere.example') => parseEmailAddress(`${randomUUID()}@${domain}`)!;

async function aStudent(address: EmailAddress) {
  const course = await createCourse(
    database.owner,
    {
      slug: `c-${randomUUID().slice(0, 8)}`,
      nameRu: 'Курс',
      nameEn: 'Course',
      competitionId: null,
      timeZone: 'Europe/Moscow',
    },
    { actorId: (await aUser(database.owner)).id },
  );
  const act = { actorId: null };
  await importRoster(database.owner, course, [{ studentNumber: '1', name: 'Анна', groupName: '', address }], act);
  return { course, act, student: (await listStudents(database.owner, course.id))[0]! };
}

async function mailTo(address: EmailAddress): Promise<string> {
  const { rows } = await database.owner.execute<{ text: string }>(
    sql`select body_text as text from mails where recipient = ${address.email} order by id desc limit 1`,
  );
  return rows[0]?.text ?? '';
}

function ask(address: EmailAddress, registration: Registration, wish: Wish = 'sign-up'): Promise<void> {
  const request = { wish, address, network, site, next: '/', registration };
  return requestMailLink(database.web, { ...request, language: 'ru' });
}

const tokenIn = (mail: string) => /token=([\w-]{43})/.exec(mail)?.[1] ?? null;

const claims = (email: string) => someClaims({ email });

describe('where accounts are for some', () => {
  test('an address of an allowed domain, on a roster, or asked to help may register, and no other', async () => {
    const [onRoster, asked] = [anAddress(), anAddress()];
    const { course, act, student } = await aStudent(onRoster);
    const competition = await aCompetition(database.owner);
    const organiser = await aUser(database.owner);
    await grantRole(database.owner, competition.id, organiser.id, 'organiser', { actorId: organiser.id });
    const mailed = { actorId: organiser.id, site };
    await createRoleInvite(database.owner, competition, { address: asked, role: 'assistant', language: 'ru' }, mailed);
    const may = (registration: Registration, address: EmailAddress) => mayRegister(database.web, registration, address);
    for (const address of [onRoster, asked]) {
      expect([await may(uni, address), await may(invited, address)]).toEqual([true, true]);
    }
    expect(await may(uni, anAddress('uni.example'))).toBe(true);
    expect(await may(invited, anAddress('uni.example'))).toBe(false);
    expect(await may(uni, anAddress('evil-uni.example'))).toBe(false);
    expect(await may(everybody, anAddress())).toBe(true);

    await removeStudent(database.owner, course, student.id, act);
    await withdrawRoleInvite(
      database.owner,
      competition.id,
      (await listRoleInvites(database.owner, competition.id))[0]!.id,
      mailed,
    );
    expect([await may(uni, onRoster), await may(invited, asked)]).toEqual([false, false]);
  });

  test.each<Wish>(['sign-up', 'sign-in', 'password'])(
    'everybody is written to, and only the mail says that no account can be made (%s)',
    async (wish) => {
      const stranger = anAddress();
      await ask(stranger, uni, wish);
      const mail = await mailTo(stranger);
      expect(mail).toContain('завести её нельзя');
      expect(mail).toContain('uni.example');
      expect(tokenIn(mail)).toBeNull();
      // The control: who may gets the link.
      const student = anAddress('uni.example');
      await ask(student, uni, wish);
      expect(tokenIn(await mailTo(student))).not.toBeNull();
    },
  );

  test('who has an account keeps it, by mail and by a provider', async () => {
    const member = await aUser(database.owner);
    await ask(parseEmailAddress(member.email)!, invited, 'sign-in');
    expect(tokenIn(await mailTo(parseEmailAddress(member.email)!))).not.toBeNull();
    const door = { registration: invited, site };
    expect(await findUserByClaims(database.web, claims(member.email), door)).toMatchObject({ id: member.id });
  });

  test('a link that was mailed before makes no account any more', async () => {
    const address = anAddress();
    await ask(address, everybody);
    const token = tokenIn(await mailTo(address))!;
    const arrival = { network, identity: null, registration: uni };
    await expect(confirmSignUp(database.web, token, anna, arrival)).rejects.toMatchObject({ code: 'not-admitted' });
    expect(await findAccountByEmail(database.web, address.key)).toBeNull();
    await confirmSignUp(database.web, token, anna, { ...arrival, registration: everybody });
  });

  test('a provider makes accounts for the same people, and for no others', async () => {
    const come = (email: string) => findUserByClaims(database.web, claims(email), { registration: uni, site });
    const stranger = anAddress();
    await expect(come(stranger.email)).rejects.toMatchObject({ code: 'not-admitted', status: 403 });
    expect(await findAccountByEmail(database.web, stranger.key)).toBeNull();
    const { email } = anAddress('uni.example');
    expect(await come(email)).toMatchObject({ email });
  });

  test('the first administrator comes in by the printed link, whatever their address', async () => {
    const link = await createFirstAdministratorLink(database.owner);
    const address = anAddress();
    const user = await confirmFirstAdministrator(database.web, tokenIn(link!)!, { address, language: 'ru', ...anna });
    expect(user.isAdministrator).toBe(true);
  });

  test('the database is asked the same of everybody, so that the time tells neither who may nor who has', async () => {
    const member = parseEmailAddress((await aUser(database.owner)).email)!;
    const asked: string[][] = [];
    for (const address of [member, anAddress(), anAddress('uni.example')]) {
      const statements: string[] = [];
      const db = openDatabase(database.webUrl, { connections: 1 });
      db.$client.on('connect', (client) => {
        const query = client.query.bind(client) as (...given: unknown[]) => unknown;
        Object.assign(client, {
          query: (...given: [string | { text: string }]) => {
            statements.push(typeof given[0] === 'string' ? given[0] : given[0].text);
            return query(...given);
          },
        });
      });
      const request = {
        wish: 'sign-up',
        address,
        language: 'ru',
        network,
        site,
        next: '/',
        registration: uni,
      } as const;
      await requestMailLink(db, request);
      await db.$client.end();
      asked.push(statements);
    }
    expect(asked[0]!.join()).toContain('insert into "mails"');
    expect(asked[1]).toEqual(asked[0]);
    expect(asked[2]).toEqual(asked[0]);
  });
});
