import { getArrival } from '#lib/db/arrivals.ts';
import { readEntries } from '#lib/db/board-entries.ts';
import { createSnapshot, findBoardAt, getBoard, listOverdueBoards } from '#lib/db/boards.ts';
import type { Database } from '#lib/db/client.ts';
import { listPublishedCompetitions } from '#lib/db/competitions.ts';
import { listEvents } from '#lib/db/event-log.ts';
import { chainEvents } from '#lib/db/log-chain.ts';
import { countPeople, countWaiting, getQueueOverview, listArrivals } from '#lib/db/overview.ts';
import { listDueResults } from '#lib/db/private-results.ts';
import { publishScores } from '#lib/db/publishing.ts';
import { getQuota } from '#lib/db/quota.ts';
import { readReadiness } from '#lib/db/readiness.ts';
import { readLabelVersions } from '#lib/db/score-records.ts';
import { claimSubmission, sweepSubmissions } from '#lib/db/scoring.ts';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { anUpload } from './builders.ts';
import type { TestDatabase } from './db.ts';
import type { Many } from './many.ts';

const everything = { group: null, actorId: null, teamId: null, from: null, to: null };

/** `isByFile`: it reads every file of the competition, and is to cost as much for each. */
export type HotQuery = { what: string; db: Database; ask: () => Promise<unknown>; isByFile?: boolean };

/** What is asked for every request, every file and every few seconds, in the words of who waits for it. */
export function hotQueries({ web, scorer }: Pick<TestDatabase, 'web' | 'scorer'>, many: Many): HotQuery[] {
  const { competition, team, captain } = many;
  const { id, slug } = competition;
  const now = new Date();
  const viewer = { id: captain.id, isAdministrator: false };
  const of = (db: Database) => (what: string, ask: () => Promise<unknown>) => ({ what, db, ask });
  const [page, worker] = [of(web), of(scorer)];
  return [
    page('the leaderboard, for page, JSON and events', () => getBoard(web, competition)),
    page('the leaderboard as it stood an hour ago', () => findBoardAt(web, id, new Date(Date.now() - 3_600_000))),
    page('the list of competitions', () => listPublishedCompetitions(web)),
    page('a team’s own files', () => listSubmissionsOf(web, team.id)),
    page('somebody’s team', () => findTeamOf(web, id, captain.id)),
    page('a team’s attempts', () => getQuota(web, competition, team.id, now)),
    page('an upload, before its body', () => getArrival(web, slug, viewer)),
    page('an upload', () => createSubmission(web, anUpload(competition, captain))),
    page('the overview: people', () => countPeople(web, id)),
    page('the overview: queue', () => getQueueOverview(web, id, now)),
    page('the overview: arrivals', () => listArrivals(web, id, now)),
    page('the overview: what waits', () => countWaiting(web, id)),
    page('the end of the log', () => listEvents(web, id, everything, { before: null, limit: 50 })),
    page('readiness', () => readReadiness(web)),
    worker('the next file to score', () => claimSubmission(scorer, 60)),
    worker('the sweep of the queue', () => sweepSubmissions(scorer)),
    worker('whether files are to be measured', () => readLabelVersions(scorer)),
    worker('results that are due', () => listDueResults(scorer)),
    worker('boards that time has overtaken', () => listOverdueBoards(scorer)),
    worker('the chain of the log', () => chainEvents(scorer)),
    worker('a team’s published scores', () => scorer.transaction((tx) => publishScores(tx, id, [team.id]))),
    {
      ...worker('a board drawn by a worker that just started', () => readEntries(scorer, competition, now)),
      isByFile: true,
    },
    {
      ...worker('a board drawn after one file', () =>
        scorer.transaction((tx) => createSnapshot(tx, id, async () => null, [team.id])),
      ),
      isByFile: true,
    },
  ];
}
