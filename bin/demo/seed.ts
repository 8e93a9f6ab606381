import { createHash } from 'node:crypto';
import { shippedModel } from '#lib/baseline-models.ts';
import type { Competition } from '#lib/competition.ts';
import type { DemoSpeech } from '#lib/datasets/demo-speech.ts';
import { importDataset } from '#lib/datasets/import.ts';
import { createBaselineRun } from '#lib/db/baseline-runs.ts';
import type { Database } from '#lib/db/client.ts';
import { findRole, getCompetition, grantRole } from '#lib/db/competitions.ts';
import { ensureDemoUser, findUploadKeys, hasBaseline, markAsDemo } from '#lib/db/demo.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { createSubmission, recordRejected } from '#lib/db/submissions.ts';
import { createTeam, findTeamOf } from '#lib/db/teams.ts';
import { findAccountByEmail, type User } from '#lib/db/users.ts';
import { expectedUtterances } from '#lib/expected-utterances.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import type { ObjectPlace } from '#lib/objects.ts';
import { checkUpload } from '#lib/upload-check.ts';
import { demoAct, demoSlug, ensureDemoCompetition } from './competition.ts';
import { ensureDemoCourse } from './course.ts';
import { type DemoEntry, demoEntries, demoFile, demoTeams } from './entries.ts';
import { demoPasswords } from './passwords.ts';

export type DemoAccount = { role: 'organiser' | 'captain'; email: string; name: string; team: string | null };
export type DemoSignIn = DemoAccount & { password: string };

const accounts: readonly DemoAccount[] = [
  { role: 'organiser', email: 'organiser@demo.example', name: 'Ольга Демонстрационная', team: null },
  ...demoTeams.map((team, i) => ({
    role: 'captain' as const,
    email: `captain-${i + 1}@demo.example`,
    name: `Капитан ${i + 1}`,
    team,
  })),
];

const dayMs = 24 * 3600 * 1000;

export type SeedOptions = {
  place: ObjectPlace;
  speech: DemoSpeech;
  /** Its organiser may make competitions, too: where nothing else is there to be seen by an account of the demo. */
  isAlone: boolean;
};

/**
 * The whole demo through the functions that people's own acts go through: nothing is scored here, the worker does that. What is
 * there already stays as it is, so it can be repeated, and goes on where it was interrupted.
 */
export async function seedDemo(db: Database, { place, speech, isAlone }: SeedOptions): Promise<DemoSignIn[]> {
  const emails = accounts.map(({ email }) => email);
  const { passwords, areNew } = demoPasswords(place.home, emails);
  const signIns = accounts.map((account) => ({ ...account, password: passwords.get(account.email)! }));
  let competition = await ensureDemoCompetition(db, speech.kind);
  if (competition.labelVersion === 0) {
    const { manifest: path } = speech;
    const outcome = await importDataset(db, competition, { path, place, act: demoAct, onProgress: () => {} });
    if (outcome.status === 'refused')
      throw new Error(`the demo's data has problems: ${JSON.stringify(outcome.reports)}`);
    competition = await getCompetition(db, demoSlug);
  }
  const { organiser, captains } = await ensurePeople(db, competition, signIns, { areNew, isAlone });
  await submitAll(db, competition, captains, speech.kind);
  await ensureDemoCourse(db, competition, { organiser, captains });
  // Last: the board is full before the machine is busy with it.
  for (const split of ['test', 'dev'] as const) await requestBaseline(db, competition.id, split, organiser);
  return signIns;
}

type People = {
  organiser: User;
  /** In the order of their teams; null whose team goes by another name: made by an earlier version, or renamed since. */
  captains: (User | null)[];
};

async function ensurePeople(
  db: Database,
  competition: Competition,
  signIns: readonly DemoSignIn[],
  { areNew, isAlone }: { areNew: boolean; isAlone: boolean },
): Promise<People> {
  const organisers: User[] = [];
  const captains: (User | null)[] = [];
  for (const { email, name, role, team, password } of signIns) {
    const address = parseEmailAddress(email)!;
    const known = areNew ? null : await findAccountByEmail(db, address.key);
    const person = { address, name, language: 'ru', isAdministrator: isAlone && role === 'organiser' } as const;
    const user = known ?? (await ensureDemoUser(db, person, await hashPassword(password)));
    if (team !== null) {
      const own = await ensureTeam(db, competition.id, user, team);
      captains.push(own === team ? user : null);
      continue;
    }
    organisers.push(user);
    if ((await findRole(db, competition.id, user.id)) === null) {
      await grantRole(db, competition.id, user.id, 'organiser', demoAct);
    }
  }
  return { organiser: organisers[0]!, captains };
}

/** The name of the captain's team. */
async function ensureTeam(db: Database, competitionId: string, captain: User, name: string): Promise<string> {
  const own = await findTeamOf(db, competitionId, captain.id);
  if (own !== null) return own.name;
  await acceptRules(db, competitionId, captain.id);
  const created = await createTeam(db, competitionId, captain.id, name);
  await markAsDemo(db, competitionId, created.id);
  return created.name;
}

/** The worker transcribes the split when it gets to it, as if the organiser had pressed the button. */
async function requestBaseline(
  db: Database,
  competitionId: string,
  split: 'test' | 'dev',
  organiser: User,
): Promise<void> {
  if (await hasBaseline(db, competitionId, split)) return;
  await db.transaction(async (tx) => {
    const wanted = { competitionId, split, model: shippedModel, decoding: 'greedy', name: 'Базовое решение' } as const;
    const { teamId } = await createBaselineRun(tx, wanted, organiser.id);
    await markAsDemo(tx, competitionId, teamId);
  });
}

/** Files of an earlier version stay what they were. */
async function submitAll(
  db: Database,
  competition: Competition,
  captains: readonly (User | null)[],
  kind: DemoSpeech['kind'],
): Promise<void> {
  const handedIn = await findUploadKeys(db, competition.id, demoEntries.map(keyOf));
  for (const entry of demoEntries) {
    const author = captains[entry.team];
    if (author && !handedIn.has(keyOf(entry))) await submit(db, competition, { author, entry, kind });
  }
}

function keyOf({ day }: DemoEntry): string {
  return `demo-${day}`;
}

type Planned = { author: User; entry: DemoEntry; kind: DemoSpeech['kind'] };

async function submit(db: Database, competition: Competition, { author, entry, kind }: Planned): Promise<void> {
  const { split, format, day, note } = entry;
  const expected = await expectedUtterances(db, competition, split);
  const { fileName, bytes } = demoFile(
    kind,
    expected.map(({ id }) => id),
    entry,
  );
  const { rejection, ...parsed } = await checkUpload(expected, bytes, { encoded: false, format });
  const upload = {
    competitionId: competition.id,
    author,
    split,
    // As if the days since the beginning had really passed.
    receivedAt: new Date(competition.submissionsStartAt.getTime() + day * dayMs),
    bytes,
    sha256: createHash('sha256').update(bytes).digest(),
    fileName,
    note,
    codeLink: null,
    idempotencyKey: keyOf(entry),
    parsed,
  };
  if (rejection === null) await createSubmission(db, upload);
  else await recordRejected(db, upload, rejection);
}
