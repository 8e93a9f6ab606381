import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { getBoard } from '#lib/db/boards.ts';
import { type Database, readClock } from '#lib/db/client.ts';
import { grantRole, updateCompetition } from '#lib/db/competitions.ts';
import { markTeam } from '#lib/db/eligibility.ts';
import { editLabels, findDraft } from '#lib/db/label-drafts.ts';
import { applyDraft, findLastRescore, requestRescore } from '#lib/db/label-rescores.ts';
import { acceptRules } from '#lib/db/rule-acceptances.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { placeMember } from '#lib/db/team-administration.ts';
import { createTeam, removeMember, renameTeam, type Team } from '#lib/db/teams.ts';
import { setVoided } from '#lib/db/voiding.ts';
import { findTies } from '#scoring/board-ties.ts';
import {
  aCompetition,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  type TestUser,
  tenUtterances,
} from './builders.ts';
import { sessionCookie } from './session.ts';
import type { TestStack } from './stack.ts';
import { eventually } from './workers.ts';

/** A competition whose board stands still, with teams that go on; a real worker scores for it. */
export type FrozenStage = {
  owner: Database;
  competition: Competition;
  slug: string;
  frozenAt: Date;
  member: TestUser;
  team: Team;
  /** Of a second team, whose member leaves it. */
  leaver: TestUser;
  /** Sent before the freeze. */
  earlier: string;
  newName: string;
  headersOf: Record<'member' | 'rival' | 'organiser', { Cookie: string }>;
  reveal(): Promise<void>;
};

const act = { actorId: null, reason: 'as it happens', site: 'https://rostrum.example' };

export async function aFrozenStage(stack: TestStack, owner: Database): Promise<FrozenStage> {
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug: 'frozen', dailyQuota: 100 }));
  const [own, rivals, third] = [
    await aTeam(owner, competition),
    await aTeam(owner, competition),
    await aTeam(owner, competition),
  ];
  const member = own.people[0]!;
  const organiser = await aUser(owner);
  await grantRole(owner, competition.id, organiser.id, 'organiser', act);
  await pinBaseline(owner, competition.id, aBaselineFile('before.csv', 12), act);
  const earlier = await sendAndScore(owner, competition, member, 7);
  await sendAndScore(owner, competition, rivals.people[0]!, 5);
  await sendAndScore(owner, competition, third.people[0]!, 9);
  const frozenAt = await readClock(owner);
  await updateCompetition(owner, competition.id, { freezesAt: frozenAt }, act);
  await eventually(20, async () => (await getBoard(owner, competition)).frozen);
  await eventually(20, async () => {
    const { rows } = await owner.execute(sql`select from unchained_events where chain = ${competition.id}`);
    return rows.length === 0;
  });
  return {
    owner,
    competition,
    slug: competition.slug,
    frozenAt,
    member,
    team: own.team,
    leaver: third.people[0]!,
    earlier,
    newName: 'Тихий омут',
    headersOf: {
      member: await sessionCookie(stack, owner, member.id),
      rival: await sessionCookie(stack, owner, rivals.people[0]!.id),
      organiser: await sessionCookie(stack, owner, organiser.id),
    },
    async reveal() {
      const now = await readClock(owner);
      await updateCompetition(owner, competition.id, { submissionsEndAt: now, revealsAt: now }, act);
    },
  };
}

/** All that changes a board which does not stand still, one after the other, each done and scored when this ends. */
export async function whatMayHappen(stage: FrozenStage): Promise<void> {
  const { owner, competition, member, team } = stage;
  const { id: competitionId } = competition;
  await sendAndScore(owner, competition, member, 0);
  await renameTeam(owner, competitionId, member.id, stage.newName);
  await setVoided(owner, { competitionId, submissionId: stage.earlier }, true, act);
  await markTeam(owner, { competitionId, teamId: team.id }, false, act);
  await removeMember(owner, competitionId, stage.leaver.id, stage.leaver.id);
  const newcomer = await aUser(owner);
  const founder = await aUser(owner);
  for (const { id } of [newcomer, founder]) await acceptRules(owner, competitionId, id);
  await placeMember(owner, competitionId, newcomer.id, { teamId: team.id }, act);
  await createTeam(owner, competitionId, founder.id, 'Новички');
  await sendAndScore(owner, competition, founder, 3);
  const baseline = await pinBaseline(owner, competitionId, aBaselineFile('after.csv', 1), act);
  await scored(owner, baseline.id, { id: baseline.id, isAdministrator: true });
  await correctALabel(owner, competitionId);
}

async function correctALabel(owner: Database, competitionId: string): Promise<void> {
  await editLabels(owner, competitionId, [{ id: 'u2', reference: 'раз' }], act);
  const draft = (await findDraft(owner, competitionId))!;
  await requestRescore(owner, competitionId, null);
  await eventually(20, async () => (await findLastRescore(owner, draft))?.state === 'done');
  await applyDraft(owner, competitionId, act, findTies);
}

async function sendAndScore(
  owner: Database,
  competition: Competition,
  author: TestUser,
  wrong: number,
): Promise<string> {
  const bytes = aPredictionsFile(tenUtterances, wrong, author.id.slice(0, 4));
  const { submission } = await createSubmission(owner, anUpload(competition, author, { bytes }));
  await scored(owner, submission.id, author);
  return submission.id;
}

async function scored(
  owner: Database,
  submissionId: string,
  viewer: { id: string; isAdministrator: boolean },
): Promise<void> {
  await eventually(30, async () => (await getSubmissionFor(owner, submissionId, viewer)).status.state === 'scored');
}

function aBaselineFile(fileName: string, wrong: number): Parameters<typeof pinBaseline>[2] {
  const bytes = aPredictionsFile(tenUtterances, wrong, 'база');
  const sha256 = createHash('sha256').update(bytes).digest();
  const about = { name: 'Базовое решение', fileName, note: '', codeLink: null };
  return { ...about, split: 'test', bytes, sha256, parsed: { format: 'csv', warnings: [] } };
}
