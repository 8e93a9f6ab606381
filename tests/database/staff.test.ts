import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { findRole, grantRole } from '#lib/db/competitions.ts';
import {
  getOrganisedCompetition,
  getStaffedCompetition,
  listOrganisedCompetitions,
  listRoleHolders,
  offerRole,
  revokeRole,
} from '#lib/db/organisers.ts';
import { listRoleInvites, withdrawRoleInvite } from '#lib/db/role-invites.ts';
import { events, mails } from '#lib/db/schema.ts';
import { createUser } from '#lib/db/users.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { aCompetition, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

const act = (actorId: string | null) => ({ actorId, site: 'https://rostrum.example' });
const notFound = { code: 'not-found' };

async function anOrganiser(competition: Competition) {
  const user = await aUser(db.owner);
  await grantRole(db.owner, competition.id, user.id, 'organiser', { actorId: null });
  return user;
}

function offer(competition: Competition, email: string, role: 'organiser' | 'assistant', actorId: string | null) {
  return offerRole(db.web, competition, { email, role, language: 'ru' }, act(actorId));
}

describe('the people who run a competition', () => {
  test('are appointed by address and dismissed, both in the log, and told by mail', async () => {
    const competition = await aCompetition(db.owner);
    const first = await anOrganiser(competition);
    const user = await aUser(db.owner, { email: 'organiser@example.org', name: 'Ольга' });
    expect(await offer(competition, ' Organiser@Example.org ', 'organiser', first.id)).toBe('granted');
    expect((await getOrganisedCompetition(db.web, competition.slug, user)).id).toBe(competition.id);
    await revokeRole(db.web, competition.id, user.id, { actorId: first.id });
    await expect(getOrganisedCompetition(db.web, competition.slug, user)).rejects.toMatchObject(notFound);
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, competition.id));
    expect(logged.slice(1).map(({ kind, actorId }) => [kind, actorId])).toEqual([
      ['role-granted', first.id],
      ['role-revoked', first.id],
    ]);
    const [mail] = await db.owner.select().from(mails).where(eq(mails.recipient, user.email));
    expect(mail?.bodyText).toContain(`https://rostrum.example/organise/${competition.slug}`);
  });

  test('are organisers who may everything, and assistants who do not organise', async () => {
    const competition = await aCompetition(db.owner);
    const assistant = await aUser(db.owner);
    await grantRole(db.web, competition.id, assistant.id, 'assistant', { actorId: null });
    await expect(getOrganisedCompetition(db.web, competition.slug, assistant)).rejects.toMatchObject(notFound);
    expect((await getStaffedCompetition(db.web, competition.slug, assistant)).role).toBe('assistant');
    expect((await listOrganisedCompetitions(db.web, assistant)).map(({ id }) => id)).toEqual([competition.id]);
    const stranger = await aUser(db.owner);
    await expect(getStaffedCompetition(db.web, competition.slug, stranger)).rejects.toMatchObject(notFound);
    const administrator = await aUser(db.owner, { isAdministrator: true });
    expect((await getStaffedCompetition(db.web, competition.slug, administrator)).role).toBe('organiser');
  });

  test('never dismiss the last organiser among them, not even two who dismiss each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const competition = await aCompetition(db.owner);
      const [one, other] = [await anOrganiser(competition), await anOrganiser(competition)];
      const outcomes = await Promise.allSettled([
        revokeRole(db.web, competition.id, other.id, { actorId: one.id }),
        revokeRole(db.web, competition.id, one.id, { actorId: other.id }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const left = (await listRoleHolders(db.web, competition.id))[0]!;
      const { email } = left;
      await expect(offer(competition, email, 'assistant', left.id)).rejects.toMatchObject({ code: 'last-organiser' });
      // The control: an administrator may.
      const administrator = await aUser(db.owner, { isAdministrator: true });
      await revokeRole(db.web, competition.id, left.id, { actorId: administrator.id });
    }
  });
});

describe('an address without an account', () => {
  test('is written to, and has its part once its owner has proven it, and nobody else', async () => {
    const competition = await aCompetition(db.owner);
    const organiser = await anOrganiser(competition);
    expect(await offer(competition, 'not an address', 'assistant', organiser.id).catch(({ code }) => code)).toBe(
      'not-an-address',
    );
    expect(await offer(competition, 'New@example.org', 'assistant', organiser.id)).toBe('invited');
    expect(await listRoleInvites(db.web, competition.id)).toMatchObject([
      { email: 'New@example.org', role: 'assistant' },
    ]);
    const signUp = async (email: string) =>
      (
        await createUser(db.web, {
          address: parseEmailAddress(email)!,
          name: 'Нина',
          language: 'ru',
          passwordHash: null,
        })
      ).user;
    expect(await findRole(db.web, competition.id, (await signUp('newer@example.org')).id)).toBeNull();
    expect(await findRole(db.web, competition.id, (await signUp('new@example.org')).id)).toBe('assistant');
    expect(await listRoleInvites(db.web, competition.id)).toEqual([]);
    const [mail] = await db.owner.select().from(mails).where(eq(mails.recipient, 'New@example.org'));
    expect(mail?.bodyText).toContain('https://rostrum.example/sign-up?next=%2Forganise%2F');
  });

  test('has nothing once the invitation was withdrawn', async () => {
    const competition = await aCompetition(db.owner);
    const organiser = await anOrganiser(competition);
    await offer(competition, 'gone@example.org', 'organiser', organiser.id);
    const [invite] = await listRoleInvites(db.web, competition.id);
    await expect(withdrawRoleInvite(db.web, organiser.id, invite!.id, act(organiser.id))).rejects.toMatchObject(
      notFound,
    );
    await withdrawRoleInvite(db.web, competition.id, invite!.id, act(organiser.id));
    const address = parseEmailAddress('gone@example.org')!;
    const { user } = await createUser(db.web, { address, name: 'Нина', language: 'ru', passwordHash: null });
    expect(await findRole(db.web, competition.id, user.id)).toBeNull();
  });
});
