import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { createSnapshot } from '#lib/db/boards.ts';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { publishScores } from '#lib/db/publishing.ts';
import { findTies } from '#scoring/board-ties.ts';
import { aCompetition, aTestSplit } from '../builders.ts';
import { createTestDatabase, startTestCluster } from '../cluster.ts';
import { type Figure, median, secondsOf } from './measure.ts';

const rounds = 7;

/** What a new score costs beyond counting it: publishing the team's scores, and the next board, with its intervals and ties. */
export async function redraw(): Promise<Figure[]> {
  const { cluster, stop } = await startTestCluster('durable');
  const urls = await createTestDatabase(cluster);
  const [owner, scorer] = [openDatabase(urls.ownerUrl), openDatabase(urls.scorerUrl)];
  try {
    const many = await aBoard(owner, { teams: 200, entries: 500, utterances: 30 });
    const kept = await timesOf(owner, scorer, many, 'worse');
    const long = await aBoard(owner, { teams: 200, entries: 1, utterances: 1000 });
    const tested = await timesOf(owner, scorer, long, 'better');
    return [
      { what: 'publish a team’s 500 scores', value: kept.publish, unit: 'ms' },
      { what: 'draw 200 teams of 500 entries, places unchanged', value: kept.draw, unit: 'ms', most: 50 },
      {
        what: 'draw 200 teams, a number changed: ties over 300 of 1,000 units',
        value: tested.draw,
        unit: 'ms',
        most: 50,
      },
      { what: 'the same, processor time of the worker', value: tested.processor, unit: 'ms' },
    ];
  } finally {
    await Promise.all([owner.$client.end(), scorer.$client.end()]);
    await stop();
  }
}

type Size = { teams: number; entries: number; utterances: number };
type Board = { competition: Competition; team: string; utterances: number };

/** A competition full of scored files, without the files. The chance of a wrong word grows from team to team. */
async function aBoard(owner: Database, { teams, entries, utterances }: Size): Promise<Board> {
  const split = Array.from({ length: utterances }, (_, i) => ({
    id: `u${i}`,
    reference: 'раз два три четыре пять',
    fold: i % 10 < 3 ? ('public' as const) : ('private' as const),
  }));
  const competition = await aTestSplit(owner, await aCompetition(owner), split);
  const { rows } = await owner.execute<{ id: string }>(sql`
    insert into teams (competition_id, name, name_key)
    select ${competition.id}, 'Team ' || i, 'team ' || i from generate_series(1, ${teams}::integer) i returning id`);
  await addScores(
    owner,
    { competition, team: rows[0]!.id, utterances },
    sql`
    select t.id, 1 + (row_number() over (order by t.name)) / ${teams * entries}::double precision
    from teams t, generate_series(1, ${entries}::integer) where t.competition_id = ${competition.id}`,
  );
  await owner.execute(sql`analyze`);
  return { competition, team: rows[0]!.id, utterances };
}

/** `chosen`: a row (team, mean errors of an utterance) for each new file. */
async function addScores(owner: Database, board: Board, chosen: ReturnType<typeof sql>): Promise<void> {
  const { competition, utterances } = board;
  await owner.execute(sql`
    with chosen as materialized (
      select gen_random_uuid() as id, team_id, mean from (${chosen}) as files (team_id, mean)
    ), added as (
      insert into submissions (id, competition_id, team_id, split, state, received_at, finished_at, bytes, sha256)
      select id, ${competition.id}::uuid, team_id, 'test', 'scored', rostrum_now(), rostrum_now(), 1,
        sha256(id::text::bytea) from chosen
    ), errors as (
      insert into hidden.utterance_errors
      select id, 1, '1', array(select (random() * 2 * mean)::integer from generate_series(1, ${utterances}::integer)),
        array_fill(5, array[${utterances}::integer]) from chosen returning submission_id, errors
    )
    insert into hidden.counts (submission_id, fold, label_version, scorer_version, profile, hits, substitutions, deletions,
      insertions, standard_error)
    select submission_id, 'public', 1, '1', 'raw', ${5 * utterances}::integer, 0, 0,
      (select sum(e) from unnest(errors) e), 0.01 from errors`);
}

/** Medians over some new files of one team, in milliseconds. */
async function timesOf(owner: Database, scorer: Database, board: Board, kind: 'better' | 'worse') {
  const { competition, team } = board;
  await scorer.transaction((tx) => publishScores(tx, competition.id));
  await owner.execute(sql`analyze`);
  await scorer.transaction((tx) => createSnapshot(tx, competition.id, findTies));
  const [publish, draw, processor]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const mean = kind === 'worse' ? 4 : 0.9 - 0.1 * round;
    await addScores(owner, board, sql`select ${team}::uuid, ${mean}::double precision`);
    publish!.push(
      1000 * (await secondsOf(() => scorer.transaction((tx) => publishScores(tx, competition.id, [team])))),
    );
    const before = process.cpuUsage();
    draw!.push(
      1000 * (await secondsOf(() => scorer.transaction((tx) => createSnapshot(tx, competition.id, findTies, [team])))),
    );
    const { user, system } = process.cpuUsage(before);
    processor!.push((user + system) / 1000);
  }
  return { publish: median(publish!), draw: median(draw!), processor: median(processor!) };
}
