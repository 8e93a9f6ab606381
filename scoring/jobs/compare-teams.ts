import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { giveBackJob } from '#lib/db/jobs.ts';
import type { AuditedFile } from '#lib/db/label-audit-jobs.ts';
import { listTestReferences, type TestUtterance } from '#lib/db/labels.ts';
import {
  type ComparedTeam,
  type ComparisonFindings,
  claimComparison,
  type FoundPair,
  listComparedTeams,
  listKnownSystems,
  listSameBytes,
  recordComparison,
  recordComparisonFailed,
  renewComparison,
} from '#lib/db/team-comparison-jobs.ts';
import type { TeamComparison } from '#lib/db/team-comparisons.ts';
import type { PairExample } from '#lib/evidence.ts';
import { log } from '#lib/log.ts';
import { editDistanceOf } from '#scoring/evidence/edit-distance.ts';
import { createListener, type Heard, type Listener, nearestOf } from '#scoring/evidence/mistakes.ts';
import { type Comparison, compareTeams, type TeamPair } from '#scoring/evidence/pairs.ts';
import { holdClaim } from '#scoring/jobs/hold.ts';
import { readOutputs } from '#scoring/jobs/outputs.ts';
import type { Outputs } from '#scoring/labels/systems.ts';
import { createNormaliser, isProfileName, type Normaliser } from '#scoring/wer/normalise.ts';

const leaseSeconds = 15;
const renewEveryMs = 5_000;
/** Between two turns of whatever else the worker does. */
const utterancesAtOnce = 256;
/** Pairs that are kept: those that stand out, and then some others to compare them with. */
const mostPairs = 30;
const mostOthers = 10;
/** Utterances of a pair that are kept to be looked at. */
const mostExamples = 50;

/**
 * Compares the files of all teams in pairs, as an organiser asked. It takes turns with everything else that the worker does, and can be
 * stopped at any moment: the next attempt begins anew. 200 files of 10,000 utterances take some 15 seconds and 100 MB.
 */
export async function runComparison(db: Database, id: string, stopping?: AbortSignal): Promise<void> {
  const claim = await claimComparison(db, id, leaseSeconds);
  if (claim === null) return;
  const hold = holdClaim({
    about: { kind: 'compare-teams', id, attempt: claim.attempt },
    renewEveryMs,
    renew: () => renewComparison(db, claim, leaseSeconds),
    giveBack: () => giveBackJob(db, { kind: 'compare-teams', id }, claim.attempt),
    stopping,
  });
  const work = async () => {
    const findings = await compare(db, claim, async () => {
      await nextTurn();
      hold.signal.throwIfAborted();
    });
    if (findings === null) await recordComparisonFailed(db, claim, 'too-few');
    else if (await recordComparison(db, claim, findings)) {
      const { teams, knownSystems, pairs } = findings;
      log.info({ comparisonId: id, teams, knownSystems, pairs: pairs.length }, 'teams compared');
    }
  };
  await hold.until(work(), async () => {
    await recordComparisonFailed(db, claim, 'internal');
    return 'failed';
  });
}

/** What every step of a comparison needs. */
type Work = {
  db: Database;
  all: readonly TestUtterance[];
  utterances: readonly TestUtterance[];
  normaliser: Normaliser;
  listener: Listener;
  pause: () => Promise<void>;
};

/** Null where there are fewer than two teams. */
async function compare(
  db: Database,
  claim: TeamComparison,
  pause: () => Promise<void>,
): Promise<ComparisonFindings | null> {
  const { competitionId, labelVersion } = claim;
  const { profile, mapping } = await getCompetitionById(db, competitionId);
  if (!isProfileName(profile)) throw new Error(`unknown profile "${profile}"`);
  const normaliser = createNormaliser(profile, mapping);
  const all = await listTestReferences(db, competitionId, labelVersion);
  const utterances = all.filter(({ fold }) => fold !== null);
  const labels = utterances.map(({ references }) => references.map((text) => normaliser.words(text)));
  const work: Work = { db, all, utterances, normaliser, listener: createListener(labels), pause };
  const teams: { team: ComparedTeam; heard: Heard }[] = [];
  for (const team of await listComparedTeams(db, competitionId)) {
    const heard = await hear(work, fileOf(team));
    if (heard !== null) teams.push({ team, heard });
  }
  if (teams.length < 2) return null;
  const known: Heard[] = [];
  for (const file of await listKnownSystems(db, competitionId)) {
    const heard = await hear(work, file);
    if (heard !== null) known.push(heard);
  }
  const comparison = await compareTeams(
    teams.map(({ heard }) => heard),
    known,
    pause,
  );
  const sameBytes = await listSameBytes(db, competitionId);
  const sidesOf = ({ teams: [a, b] }: TeamPair): Sides => [teams[a]!.team, teams[b]!.team];
  const chosen = choosePairs(comparison.pairs, (pair) => sameBytes.has(keyOf(sidesOf(pair))));
  const pairs: FoundPair[] = [];
  for (const pair of chosen) pairs.push(await describePair(work, comparison, pair, sidesOf(pair)));
  return { teams: teams.length, knownSystems: known.length, pairs };
}

type Sides = readonly [ComparedTeam, ComparedTeam];
type ChosenPair = TeamPair & { hasSameBytes: boolean };

function fileOf({ submissionId: id, format }: ComparedTeam): AuditedFile {
  return { kind: 'submission', id, format };
}

function keyOf([a, b]: Sides): string {
  return `${a.teamId} ${b.teamId}`;
}

async function hear(work: Work, file: AuditedFile): Promise<Heard | null> {
  const outputs = await readOutputs(work.db, file, work.all, work.normaliser);
  if (outputs === null) return null;
  const heard = work.listener.createFile();
  for (const [utterance, words] of outputs.entries()) {
    if (utterance % utterancesAtOnce === 0) await work.pause();
    heard.hear(utterance, words);
  }
  return heard.heard();
}

/** In their order, those that stand out before others that have anything rare in common. */
function choosePairs(pairs: readonly TeamPair[], hasSameBytes: (pair: TeamPair) => boolean): ChosenPair[] {
  const all = pairs.map((pair) => {
    const isSame = hasSameBytes(pair);
    return { ...pair, hasSameBytes: isSame, standsOut: pair.standsOut || isSame };
  });
  const standing = all.filter(({ standsOut }) => standsOut).slice(0, mostPairs);
  const others = all.filter(({ standsOut, sharedRare }) => !standsOut && sharedRare > 0);
  return [...standing, ...others.slice(0, Math.min(mostOthers, mostPairs - standing.length))];
}

/** Reads the two files once more, for what is asked of few pairs only. */
async function describePair(work: Work, comparison: Comparison, pair: ChosenPair, sides: Sides): Promise<FoundPair> {
  const outputs: Outputs[] = [];
  for (const side of sides) {
    await work.pause();
    // It was read a moment ago, and files never change.
    outputs.push((await readOutputs(work.db, fileOf(side), work.all, work.normaliser))!);
  }
  const [first, second] = [outputs[0]!, outputs[1]!];
  const onlyTheirs = comparison.onlyOf(pair);
  const { teams: _, ...figures } = pair;
  const utterances = work.utterances.length;
  const editDistance = await editDistanceOf(first, second, work.pause);
  return {
    sides,
    figures: { ...figures, utterances, onlyTheirs: onlyTheirs.length, editDistance },
    examples: examplesOf(work, onlyTheirs, [first, second]),
  };
}

/** The utterances with the most mistakes that only these two make. */
function examplesOf(
  { listener, utterances, normaliser }: Work,
  onlyTheirs: Float64Array,
  [first, second]: readonly [Outputs, Outputs],
): PairExample[] {
  const counts = new Map<number, number>();
  for (const key of onlyTheirs) {
    const utterance = listener.utteranceOf(key);
    counts.set(utterance, (counts.get(utterance) ?? 0) + 1);
  }
  const most = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, mostExamples);
  return most.map(([utterance, count]) => {
    const { id, seconds, references } = utterances[utterance]!;
    const [a, b] = [first[utterance]!, second[utterance]!];
    const wordings = references.map((text) => normaliser.words(text));
    const label = wordings[nearestOf(wordings, a)]!;
    const texts = [a.join(' '), b.join(' ')] as const;
    return { id, seconds, label: label.join(' '), texts, onlyTheirs: count };
  });
}
