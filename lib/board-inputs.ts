import { type BoardEntry, type BoardTeam, type EntriesByTeam, groupEntries } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { type ErrorCounts, errorsOf } from '#lib/counts.ts';
import { publicScore, rateInterval, type Verdict } from '#lib/scores.ts';

/*
 * What boards were drawn from, folded from the changes of it in their order. Pure: with these inputs a snapshot of long ago is drawn
 * again to the byte (lib/db/board-replay.ts).
 */

export type Rules = { labelVersion: number; policy: Competition['policy']; freezesAt: string | null };
export type Counted = ErrorCounts & { standardError: number | null };

/** A score as it was published, and the counts of the public fold that it was made of. Instants are ISO 8601. */
export type Published = {
  teamId: string;
  receivedAt: string;
  late: boolean;
  labelVersion: number;
  scorerVersion: string;
  publishedAt: string;
  werPermille: number | null;
  low: number | null;
  high: number | null;
  verdict: Verdict | null;
  counts: Counted | null;
};

/** One change; `id` says its place among all of the installation. */
export type BoardInput = { id: number; subject: string } & (
  | { kind: 'rules'; body: Rules }
  | { kind: 'team'; body: Omit<BoardTeam, 'id'> & { isDisbanded: boolean } }
  | { kind: 'voided'; body: { teamId: string; isVoided: boolean } }
  | { kind: 'published'; body: Published }
);

/** An entry as the ladder takes it, and what was said of it. */
export type CountedEntry = {
  submissionId: string;
  teamId: string;
  late: boolean;
  voided: boolean;
  verdict: Verdict | null;
};

export type BoardFold = {
  add(input: BoardInput): void;
  rules(): Rules | null;
  /** Teams that stood, and what they had handed in that was published by `until`, which never goes back. */
  inputs(until: Date): { teams: BoardTeam[]; entries: EntriesByTeam };
  /** Of a team all that was counted under the labels in force, in the order of arrival; without one, of the baseline. */
  counted(teamId?: string): CountedEntry[];
  /** Whether a score that was just added shows what its counts and the policy of the moment make of it. */
  isWellPublished(published: Published): boolean;
};

export function createBoardFold(): BoardFold {
  let rules: Rules | null = null;
  const teams = new Map<string, BoardTeam & { isDisbanded: boolean }>();
  const voided = new Set<string>();
  const scores = new Map<string, Map<string, Published>>();
  const grouped = new Map<string, EntriesByTeam>();

  function add({ kind, subject, body }: BoardInput): void {
    switch (kind) {
      case 'rules':
        rules = body;
        grouped.clear();
        return;
      case 'team':
        teams.set(subject, { id: subject, ...body });
        return;
      case 'voided':
        if (body.isVoided) voided.add(subject);
        else voided.delete(subject);
        grouped.delete(body.teamId);
        return;
      case 'published':
        scores.set(body.teamId, (scores.get(body.teamId) ?? new Map()).set(subject, body));
        grouped.delete(body.teamId);
    }
  }

  /** What was not published by `until` may be by the next board: such a team is grouped anew. */
  function entriesOf(teamId: string, until: Date): EntriesByTeam {
    const known = grouped.get(teamId);
    if (known !== undefined) return known;
    const counted = [...(scores.get(teamId) ?? [])].filter(
      ([submission, { late, labelVersion }]) =>
        !late && !voided.has(submission) && labelVersion === rules?.labelVersion,
    );
    const published = counted.filter(([, { publishedAt }]) => new Date(publishedAt) <= until);
    const entries = groupEntries(published.map(([submission, score]) => entryOf(submission, score)));
    if (published.length === counted.length) grouped.set(teamId, entries);
    return entries;
  }

  return {
    add,
    rules: () => rules,
    inputs: (until) => ({
      teams: [...teams.values()].filter(({ isDisbanded }) => !isDisbanded).map(({ isDisbanded: _, ...team }) => team),
      entries: new Map([...scores.keys()].flatMap((teamId) => [...entriesOf(teamId, until)])),
    }),
    counted: (teamId) =>
      [...scores]
        .filter(([id]) => (teamId === undefined ? teams.get(id)?.kind === 'baseline' : id === teamId))
        .flatMap(([, each]) => [...each])
        .filter(([, { labelVersion }]) => labelVersion === rules?.labelVersion)
        .sort(byArrival)
        .map(([submissionId, { teamId: of, late, verdict }]) => ({
          ...{ submissionId, teamId: of, late, verdict },
          voided: voided.has(submissionId),
        })),
    isWellPublished(score) {
      const isBaseline = teams.get(score.teamId)?.kind === 'baseline';
      const isShown = rules?.policy !== 'ladder' || isBaseline || score.late || score.verdict === 'improvement';
      return showsItsCounts(score, isShown);
    },
  };
}

function byArrival([a, x]: [string, Published], [b, y]: [string, Published]): number {
  return Date.parse(x.receivedAt) - Date.parse(y.receivedAt) || (a < b ? -1 : 1);
}

function entryOf(submissionId: string, { teamId, receivedAt, counts, werPermille, low, high }: Published): BoardEntry {
  const intervalPermille = low === null || high === null ? null : ([low, high] as const);
  const score = werPermille === null ? null : { werPermille, intervalPermille };
  return {
    submissionId,
    teamId,
    receivedAt: new Date(receivedAt),
    errors: counts === null ? 0 : errorsOf(counts),
    score,
  };
}

function showsItsCounts({ counts, werPermille, low, high }: Published, isShown: boolean): boolean {
  if (counts === null) return false;
  const score = isShown ? publicScore(counts, rateInterval(counts, counts.standardError)) : null;
  const [expectedLow, expectedHigh] = score?.intervalPermille ?? [null, null];
  return werPermille === (score?.werPermille ?? null) && low === expectedLow && high === expectedHigh;
}
