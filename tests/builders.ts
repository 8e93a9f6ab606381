import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import {
  competitions,
  folds,
  labelVersions,
  ruleAcceptances,
  teamMembers,
  teams,
  testReferences,
  users,
  utterances,
} from '#lib/db/schema.ts';
import type { Upload } from '#lib/db/submissions.ts';
import type { Team } from '#lib/db/teams.ts';
import type { Claims } from '#lib/identity/provider.ts';

/*
 * Rows with every default filled in, written as the owner: a test states only what it is about.
 */

const hour = 3600 * 1000;

export function hoursFromNow(hours: number): Date {
  return new Date(Date.now() + hours * hour);
}

export type TestUser = typeof users.$inferSelect;

export async function aUser(owner: Connection, given: Partial<typeof users.$inferInsert> = {}): Promise<TestUser> {
  const email = given.email ?? `${randomUUID()}@example.org`;
  const rows = await owner
    .insert(users)
    .values({ email, emailKey: email.toLowerCase(), name: 'Анна', ...given })
    .returning();
  return rows[0]!;
}

/** Open in every way: all windows began yesterday, and submissions end in a week. */
export async function aCompetition(
  owner: Connection,
  given: Partial<typeof competitions.$inferInsert> = {},
): Promise<Competition> {
  const began = hoursFromNow(-24);
  const ends = hoursFromNow(7 * 24);
  const rows = await owner
    .insert(competitions)
    .values({
      slug: `c-${randomUUID()}`,
      nameRu: 'Распознавание речи',
      nameEn: 'Speech recognition',
      licence: 'CC BY 4.0',
      attribution: 'Recorded for tests.',
      publishedAt: began,
      registrationStartsAt: began,
      registrationEndsAt: ends,
      teamChangesStartAt: began,
      teamChangesEndAt: ends,
      trainReleasedAt: began,
      devReleasedAt: began,
      testReleasedAt: began,
      submissionsStartAt: began,
      submissionsEndAt: ends,
      ...given,
    })
    .returning();
  return rows[0]!;
}

/** A team of people who accepted the rules as they stand. */
export async function aTeam(
  owner: Connection,
  competition: Competition,
  given: Partial<typeof teams.$inferInsert> & { people?: number } = {},
): Promise<{ team: Team; people: TestUser[] }> {
  const { people: count = given.kind === 'baseline' ? 0 : 1, ...row } = given;
  const people: TestUser[] = [];
  for (let i = 0; i < count; i += 1) people.push(await aUser(owner));
  const name = row.name ?? `Team ${randomUUID().slice(0, 8)}`;
  const rows = await owner
    .insert(teams)
    .values({
      competitionId: competition.id,
      name,
      nameKey: name.toLowerCase(),
      captainId: people[0]?.id ?? null,
      ...row,
    })
    .returning();
  const team = rows[0]!;
  for (const { id: userId } of people) {
    await owner.insert(teamMembers).values({ teamId: team.id, userId, competitionId: competition.id });
    await owner
      .insert(ruleAcceptances)
      .values({ competitionId: competition.id, userId, rulesVersion: competition.rulesVersion });
  }
  return { team, people };
}

export type TestUtterance = { id: string; reference: string; fold: 'public' | 'private'; alternatives?: string[] };

/** Ten utterances of five words: u1 to u5 on the public fold, u6 to u10 on the private one, each a unit of its own. */
export const tenUtterances: readonly TestUtterance[] = Array.from({ length: 10 }, (_, i) => ({
  id: `u${i + 1}`,
  reference: `раз два три четыре ${['пять', 'шесть', 'семь'][i % 3]}`,
  fold: i < 5 ? 'public' : 'private',
}));

/** Recordings of the test split with hidden references, as the import leaves them; the competition then has label version 1. */
export async function aTestSplit(
  owner: Connection,
  competition: Competition,
  given: readonly TestUtterance[] = tenUtterances,
): Promise<Competition> {
  const competitionId = competition.id;
  const sha256 = Buffer.alloc(32, 1);
  const numbered = given.map((utterance, position) => ({ ...utterance, position }));
  await owner.insert(labelVersions).values({ competitionId, version: 1 });
  for (const part of chunks(numbered, 1000)) {
    await owner.insert(utterances).values(
      part.map(({ id, position }) => ({
        competitionId,
        id,
        split: 'test' as const,
        position,
        seconds: 10,
        bytes: 100,
        sha256,
        fileName: `${id}.wav`,
        mediaType: 'audio/wav',
      })),
    );
    await owner.insert(testReferences).values(
      part.map(({ id, reference, alternatives = [] }) => ({
        competitionId,
        labelVersion: 1,
        utteranceId: id,
        reference,
        alternatives,
      })),
    );
    await owner.insert(folds).values(part.map(({ id, fold }) => ({ competitionId, utteranceId: id, fold, unit: id })));
  }
  await owner.execute(sql`update competitions set label_version = 1 where id = ${competitionId}`);
  return { ...competition, labelVersion: 1 };
}

/** Recordings of the open dev split, d1 to d10 unless given, with everything about them to be read. */
export async function aDevSplit(
  owner: Connection,
  competition: Competition,
  given: readonly (Omit<TestUtterance, 'fold'> & {
    seconds?: number;
    slices?: Record<string, string>;
  })[] = devUtterances,
): Promise<void> {
  await owner.insert(utterances).values(
    given.map(({ id, reference, alternatives = [], seconds = 10, slices = {} }, position) => ({
      competitionId: competition.id,
      id,
      split: 'dev' as const,
      position,
      seconds,
      bytes: 100,
      sha256: Buffer.alloc(32, 2),
      fileName: `${id}.wav`,
      mediaType: 'audio/wav',
      reference,
      alternatives,
      slices,
    })),
  );
}

/** Ten utterances of the dev split, of the same words as those of test. */
export const devUtterances: readonly TestUtterance[] = tenUtterances.map((utterance, i) => ({
  ...utterance,
  id: `d${i + 1}`,
}));

/**
 * A predictions file that says the references, but for so many words from the start that are `wrong`: those begin with `mark`,
 * by which files of equal errors differ.
 */
export function aPredictionsFile(
  given: readonly TestUtterance[] = tenUtterances,
  wrong = 0,
  mark: string = randomUUID().slice(0, 8),
): Buffer {
  let left = wrong;
  const lines = given.map(({ id, reference }) => {
    const words = reference.split(' ').map((word) => (left-- > 0 ? `${mark}${word}` : word));
    return `${id},${words.join(' ')}`;
  });
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

/** A file that parsed, sent just now. Its bytes are its own unless given. */
export function anUpload(competition: Competition, author: { id: string }, given: Partial<Upload> = {}): Upload {
  const bytes = given.bytes ?? Buffer.from(`id,text\nu1,${randomUUID()}\n`);
  return {
    competitionId: competition.id,
    author,
    split: 'test',
    receivedAt: new Date(),
    bytes,
    sha256: createHash('sha256').update(bytes).digest(),
    fileName: 'predictions.csv',
    note: '',
    codeLink: null,
    idempotencyKey: null,
    parsed: { format: 'csv', warnings: [] },
    ...given,
  };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => [...items.slice(i * size, (i + 1) * size)]);
}

/** What an OpenID provider says of somebody whom it vouches for, unless given. */
export function someClaims(given: Partial<Claims> = {}): Claims {
  return {
    provider: 'https://id.example.org',
    providerName: 'Университет',
    subject: randomUUID(),
    email: `${randomUUID()}@example.org`,
    isEmailVerified: true,
    name: 'Анна Петрова',
    language: 'ru',
    ...given,
  };
}
