import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import type { Database } from '#lib/db/client.ts';
import { getCompetition } from '#lib/db/competitions.ts';
import type { Team } from '#lib/db/teams.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { aCompetition, aUser } from './builders.ts';

export type Size = { competitions: number; teamsEach: number; filesEach: number };
/** Somebody of the middle: a competition, a team of it, its captain, and an organiser. */
export type Many = { competition: Competition; team: Team; captain: { id: string }; organiser: { id: string } };

/**
 * So many seasons as rows, without the rules that people's acts go through: what queries meet in an installation of years. A file is
 * some 200 bytes; a fiftieth of them failed.
 */
export async function fillMany(owner: Database, { competitions, teamsEach, filesEach }: Size): Promise<Many> {
  const organiser = await aUser(owner, { name: 'Ольга' });
  for (let i = 0; i < competitions; i += 1)
    await aCompetition(owner, { slug: `many-${i}`, labelVersion: 1, dailyQuota: 1000 });
  await quietly(
    owner,
    ['teams', 'team_members', 'rule_acceptances', 'submissions', 'published_scores', 'events'],
    async () => {
      await addTeams(owner, teamsEach);
      await addFiles(owner, filesEach);
      await addScores(owner);
      await addBoards(owner);
      await addEvents(owner);
    },
  );
  await owner.execute(sql`
    insert into competition_roles (competition_id, user_id, role) select id, ${organiser.id}, 'organiser' from competitions`);
  await owner.execute(sql`vacuum (analyze)`);
  const competition = await getCompetition(owner, `many-${Math.floor(competitions / 2)}`);
  const { rows } = await owner.execute<{ id: string }>(
    sql`select captain_id as id from teams where competition_id = ${competition.id} order by name limit 1`,
  );
  const captain = rows[0]!;
  return { competition, captain, organiser, team: (await findTeamOf(owner, competition.id, captain.id))! };
}

async function quietly(owner: Database, tables: readonly string[], act: () => Promise<void>): Promise<void> {
  const switchTo = async (state: 'disable' | 'enable') => {
    for (const table of tables) await owner.execute(sql.raw(`alter table ${table} ${state} trigger user`));
  };
  await switchTo('disable');
  await act();
  await switchTo('enable');
}

async function addTeams(owner: Database, each: number): Promise<void> {
  await owner.execute(sql`
    with people as (
      insert into users (email, email_key, name)
      select p, p, 'Участник ' || p from competitions c, generate_series(1, ${each}::integer) i,
        lateral (select 'p' || i || '-' || c.slug || '@example.org' as p) named returning id, email),
    of_competition as (
      select c.id as competition_id, p.id as user_id, p.email
      from people p join competitions c on c.slug = substring(p.email from '-(many-[0-9]+)@')),
    accepted as (
      insert into rule_acceptances (competition_id, user_id, rules_version)
      select competition_id, user_id, 1 from of_competition),
    made as (
      insert into teams (competition_id, name, name_key, captain_id)
      select competition_id, email, email, user_id from of_competition returning id, competition_id, captain_id)
    insert into team_members (team_id, user_id, competition_id) select id, captain_id, competition_id from made`);
}

async function addFiles(owner: Database, each: number): Promise<void> {
  await owner.execute(sql`
    insert into submissions (competition_id, team_id, author_id, split, state, attempt, received_at, quota_day, finished_at, file_name,
      bytes, sha256, failure)
    select competition_id, id, captain_id, 'test', state, 1, at, case when state = 'scored' then at::date end, at + interval '3 s',
      'file-' || i || '.csv', 200, sha256((id || '-' || i)::bytea), case when state = 'failed' then 'internal' end
    from generate_series(1, ${each}::integer) i, teams,
      lateral (select rostrum_now() - interval '20 hours' * (1 - i / ${each}::double precision) as at,
        case when (i + ascii(name)) % 50 = 1 then 'failed' else 'scored' end as state) told`);
  await owner.execute(sql`
    insert into submission_files (submission_id, content)
    select id, convert_to(repeat(md5(id::text), 6), 'UTF8') from submissions`);
  await owner.execute(sql`
    insert into submission_people (submission_id, user_id) select id, author_id from submissions`);
  await owner.execute(sql`
    insert into quota_days (team_id, day, used)
    select team_id, quota_day, count(*) from submissions where quota_day is not null group by 1, 2`);
}

async function addScores(owner: Database): Promise<void> {
  await owner.execute(sql`
    insert into published_scores (submission_id, label_version, scorer_version, profile, wer_permille, interval_low_permille,
      interval_high_permille)
    select id, 1, '1', 'raw', 100 + sequence % 400, 90 + sequence % 400, 110 + sequence % 400 from submissions where state = 'scored'`);
  await owner.execute(sql`
    insert into hidden.counts (submission_id, fold, label_version, scorer_version, profile, hits, substitutions, deletions,
      insertions, standard_error)
    select submission_id, fold, 1, '1', 'raw', 4500, 500, 0, 0, 0.01
    from published_scores, unnest(array['public', 'private']) fold`);
  await owner.execute(sql`
    insert into hidden.utterance_errors (submission_id, label_version, scorer_version, errors, reference_words)
    select submission_id, 1, '1', array_fill(1, array[10]), array_fill(5, array[10]) from published_scores`);
  await owner.execute(sql`insert into hidden.label_versions (competition_id, version) select id, 1 from competitions`);
}

/** A hundred snapshots of each board. */
async function addBoards(owner: Database): Promise<void> {
  await owner.execute(sql`
    insert into board_snapshots (competition_id, version, at, body)
    select id, v, rostrum_now() - interval '1 minute' * (100 - v),
      '{"version":' || v || ',"at":"2026-11-30T12:00:00.000Z","frozen":false,"rows":[]}'
    from competitions, generate_series(1, 100) v`);
}

async function addEvents(owner: Database): Promise<void> {
  await owner.execute(sql`
    insert into events (actor_id, competition_id, kind, subject, details)
    select author_id, competition_id, 'submission-received', id::text, jsonb_build_object('sha256', encode(sha256, 'hex'))
    from submissions`);
  await owner.execute(sql`
    insert into event_chain (chain, position, event_id, hash)
    select competition_id, row_number() over (partition by competition_id order by id), id, sha256(id::text::bytea)
    from events where kind = 'submission-received'`);
}
