import { createHash } from 'node:crypto';
import type { Competition } from '#lib/competition.ts';
import type { DemoSpeech } from '#lib/datasets/demo-speech.ts';
import { importDataset } from '#lib/datasets/import.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import type { Database } from '#lib/db/client.ts';
import { acceptRules, findRole, getCompetition, grantRole } from '#lib/db/competitions.ts';
import { ensureDemoUser, markAsDemo } from '#lib/db/demo.ts';
import { listDevReferences, listTestReferences } from '#lib/db/labels.ts';
import { createSubmission, recordRejected } from '#lib/db/submissions.ts';
import { createTeam, findTeamOf } from '#lib/db/teams.ts';
import { findAccountByEmail, type User } from '#lib/db/users.ts';
import { expectedUtterances } from '#lib/expected-utterances.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { hashPassword } from '#lib/identity/password-hash.ts';
import { checkUpload } from '#lib/upload-check.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { demoAct, demoSlug, ensureDemoCompetition } from './competition.ts';
import { type DemoEntry, demoBaseline, demoEntries, demoFile, demoTeams, type Labelled } from './entries.ts';
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

/**
 * The whole demo through the functions that people's own acts go through: nothing is scored here, the worker does that. What is
 * there already stays as it is, so it can be repeated, and goes on where it was interrupted.
 */
export async function seedDemo(db: Database, home: string, speech: DemoSpeech): Promise<DemoSignIn[]> {
  const emails = accounts.map(({ email }) => email);
  const { passwords, areNew } = demoPasswords(home, emails);
  const signIns = accounts.map((account) => ({ ...account, password: passwords.get(account.email)! }));
  let competition = await ensureDemoCompetition(db, speech.kind);
  if (competition.labelVersion === 0) {
    const { manifest: path } = speech;
    const outcome = await importDataset(db, competition, { path, home, act: demoAct, onProgress: () => {} });
    if (outcome.status === 'refused')
      throw new Error(`the demo's data has problems: ${JSON.stringify(outcome.reports)}`);
    competition = await getCompetition(db, demoSlug);
  }
  const people = await ensurePeople(db, competition, signIns, areNew);
  const labels = await listTestReferences(db, competition.id, competition.labelVersion);
  await pinDemoBaseline(db, competition, 'dev', await listDevReferences(db, competition.id));
  await pinDemoBaseline(db, competition, 'test', labels);
  for (const entry of demoEntries) await submit(db, competition, people[entry.team]!, entry, labels);
  return signIns;
}

/** The captains, in the order of their teams. */
async function ensurePeople(
  db: Database,
  competition: Competition,
  signIns: readonly DemoSignIn[],
  passwordsAreNew: boolean,
): Promise<User[]> {
  const captains: User[] = [];
  for (const { role, email, name, team, password } of signIns) {
    const address = parseEmailAddress(email)!;
    const known = passwordsAreNew ? null : await findAccountByEmail(db, address.key);
    const user = known ?? (await ensureDemoUser(db, { address, name, language: 'ru' }, await hashPassword(password)));
    if (role === 'organiser' && (await findRole(db, competition.id, user.id)) === null) {
      await grantRole(db, competition.id, user.id, 'organiser', demoAct);
    }
    if (team === null) continue;
    captains.push(user);
    if ((await findTeamOf(db, competition.id, user.id)) !== null) continue;
    await acceptRules(db, competition.id, user.id);
    const created = await createTeam(db, competition.id, user.id, team);
    await markAsDemo(db, competition.id, created.id);
  }
  return captains;
}

async function pinDemoBaseline(
  db: Database,
  competition: Competition,
  split: 'test' | 'dev',
  labels: readonly Labelled[],
): Promise<void> {
  const { fileName, bytes } = demoFile(labels, profileOf(competition), { ...demoBaseline, format: 'csv' });
  const { format, warnings } = await check(db, competition, { bytes, split, format: 'csv' });
  const note = 'эталоны с шумом, по той же модели, что у команд';
  const sha256 = createHash('sha256').update(bytes).digest();
  const file = { name: 'Базовая линия', split, bytes, sha256, fileName, note, codeLink: null };
  const pinned = await pinBaseline(db, competition.id, { ...file, parsed: { format: format!, warnings } }, demoAct);
  await markAsDemo(db, competition.id, pinned.teamId);
}

async function submit(
  db: Database,
  competition: Competition,
  author: User,
  entry: DemoEntry,
  labels: readonly Labelled[],
): Promise<void> {
  const { fileName, bytes } = demoFile(labels, profileOf(competition), entry);
  const { rejection, ...parsed } = await check(db, competition, { bytes, split: 'test', format: entry.format });
  const upload = {
    competitionId: competition.id,
    author,
    split: 'test' as const,
    // As if the days since the beginning had really passed.
    receivedAt: new Date(competition.submissionsStartAt.getTime() + entry.day * dayMs),
    bytes,
    sha256: createHash('sha256').update(bytes).digest(),
    fileName,
    note: entry.note,
    codeLink: null,
    idempotencyKey: `demo-${entry.day}`,
    parsed,
  };
  if (rejection === null) await createSubmission(db, upload);
  else await recordRejected(db, upload, rejection);
}

type Made = { bytes: Buffer; split: 'test' | 'dev'; format: DemoEntry['format'] };

async function check(db: Database, competition: Competition, { bytes, split, format }: Made) {
  return checkUpload(await expectedUtterances(db, competition, split), bytes, { encoded: false, format });
}

function profileOf({ profile }: Competition) {
  if (!isProfileName(profile)) throw new Error(`the demo has an unknown profile "${profile}"`);
  return profile;
}
