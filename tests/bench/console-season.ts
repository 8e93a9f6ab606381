import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { recordFoldSizes } from '#lib/db/fold-sizes.ts';
import { editLabels } from '#lib/db/label-drafts.ts';
import { aCompetition, aTeam, aTestSplit, aUser, type TestUser } from '../builders.ts';
import type { TestSite } from '../site.ts';

export const seasonSize = { utterances: 100_000, submissions: 20_000, teams: 200 };

type Season = { organiser: TestUser; slug: string; teamId: string };

/** A competition near its end with everything that a console shows of one: made in bulk, and without the files' bytes. */
export async function aSeason({ owner, urls }: TestSite): Promise<Season> {
  const organiser = await aUser(owner, { name: 'Ольга' });
  const split = Array.from({ length: seasonSize.utterances }, (_, i) => ({
    id: `u${String(i).padStart(6, '0')}`,
    reference: `раз два три четыре пять ${['шесть', 'семь', 'восемь'][i % 3]}`,
    fold: i % 10 < 3 ? ('public' as const) : ('private' as const),
  }));
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug: 'season' }), split);
  await grantRole(owner, competition.id, organiser.id, 'organiser', { actorId: organiser.id });
  await recordFoldSizes(owner, competition.id);
  await addTeams(owner, competition);
  await addSubmissions(owner, competition);
  await addWords(owner, competition, organiser);
  await addQuestionedLabels(urls.scorerUrl, owner, competition);
  await owner.execute(sql`analyze`);
  const { rows } = await owner.execute<{ id: string }>(sql`
    select id from teams where competition_id = ${competition.id} and kind = 'team' order by name limit 1`);
  return { organiser, slug: competition.slug, teamId: rows[0]!.id };
}

/** Four people each, and a hundred without a team. */
async function addTeams(owner: Database, { id }: Competition): Promise<void> {
  await owner.execute(sql`
    with people as (
      insert into users (email, email_key, name)
      select 'p' || i || '@example.org', 'p' || i || '@example.org', 'Участник ' || i
      from generate_series(1, ${4 * seasonSize.teams + 100}::integer) i returning id, email_key),
    accepted as (
      insert into rule_acceptances (competition_id, user_id, rules_version) select ${id}, id, 1 from people),
    numbered as (select id, row_number() over (order by id) - 1 as n from people),
    made as (
      insert into teams (competition_id, name, name_key, captain_id)
      select ${id}::uuid, 'Команда ' || n / 4, 'команда ' || n / 4, id from numbered
      where n < ${4 * seasonSize.teams}::integer and n % 4 = 0 returning id, captain_id),
    placed as (
      select p.id as user_id, m.id as team_id from numbered p
      join numbered c on c.n = p.n - p.n % 4 join made m on m.captain_id = c.id)
    insert into team_members (team_id, user_id, competition_id) select team_id, user_id, ${id} from placed`);
}

/** Over three weeks, some within the last hour: a fortieth was refused, a fiftieth failed. */
async function addSubmissions(owner: Database, competition: Competition): Promise<void> {
  const { id } = competition;
  const { team } = await aTeam(owner, competition, { kind: 'baseline', name: 'Базовое решение' });
  await owner.execute(sql`
    with numbered as (
      select t.id as team_id, t.captain_id, i, row_number() over (order by i, t.id) as n
      from teams t, generate_series(1, ${seasonSize.submissions / seasonSize.teams}::integer) i
      where t.competition_id = ${id} and t.kind = 'team'
      union all select ${team.id}::uuid, null, 1, 3),
    added as (
      insert into submissions (competition_id, team_id, author_id, split, state, attempt, received_at, finished_at, file_name,
        bytes, sha256, failure, problem_count)
      select ${id}, team_id, captain_id, 'test', state, 1, at, at + interval '3 s', 'file-' || i || '.csv', 1,
        sha256((team_id || '-' || i)::bytea), case when state = 'failed' then 'internal' end,
        case when state = 'rejected' then 1 else 0 end
      from (
        select *, case when n % 40 = 0 then 'rejected' when n % 50 = 1 then 'failed' else 'scored' end as state,
          rostrum_now() - interval '21 days' * (1 - n / ${seasonSize.submissions}::double precision) as at
        from numbered) files
      returning id, state)
    insert into published_scores (submission_id, label_version, scorer_version, profile, wer_permille,
      interval_low_permille, interval_high_permille)
    select id, 1, '1', 'raw', 200, 190, 210 from added where state = 'scored'`);
  // Files that are not measured are measured by the worker, and these have no bytes.
  await owner.execute(sql`
    insert into hidden.utterance_errors (submission_id, label_version, scorer_version, errors, reference_words)
    select submission_id, 1, '1', '{}', '{}' from published_scores`);
  await owner.execute(sql`
    insert into hidden.counts (submission_id, fold, label_version, scorer_version, profile, hits, substitutions, deletions,
      insertions, standard_error)
    select submission_id, fold, 1, '1', 'raw', 480000, 120000, 0, 0, 0.01
    from published_scores, unnest(array['public', 'private']) fold`);
}

/** What was asked, announced, logged and agreed. */
async function addWords(owner: Database, { id }: Competition, { id: organiser }: TestUser): Promise<void> {
  await owner.execute(sql`
    insert into questions (competition_id, asker_id, team_id, body, answer, answered_at, answered_by, public_body)
    select ${id}, t.captain_id, t.id, 'Можно ли ' || i || '?', case when i > 1 then 'Да, **можно**.' end,
      case when i > 1 then rostrum_now() end, case when i > 1 then ${organiser}::uuid end,
      case when i > 2 then 'Можно ли?' end
    from teams t, generate_series(1, 3) i where t.competition_id = ${id} and t.kind = 'team' and t.name < 'Команда 2'`);
  await owner.execute(sql`
    insert into announcements (competition_id, title_ru, title_en, body_ru, body_en)
    select ${id}, 'Новость ' || i, 'News ' || i, 'Текст с **разметкой**.', 'Text.' from generate_series(1, 40) i`);
  await owner.execute(sql`
    insert into events (actor_id, competition_id, kind, subject, reason)
    select ${organiser}, ${id}, 'label-looked-at', ${id}, 'проверка' from generate_series(1, 20000)`);
  await owner.execute(sql`
    insert into team_adjustments (competition_id, team_id, kind, attempts, reason)
    select ${id}, id, 'attempts', 1, 'болезнь' from teams where competition_id = ${id} and kind = 'team'`);
  await owner.execute(sql`
    insert into imports (competition_id, path, state, done, total, finished_at)
    select ${id}, '/srv/import/' || i, 'done', 100, 100, rostrum_now() from generate_series(1, 10) i`);
}

/** A draft with corrections, an audit that suspects, and teams that flagged. */
async function addQuestionedLabels(scorerUrl: string, owner: Database, { id }: Competition): Promise<void> {
  const scorer = openDatabase(scorerUrl, { connections: 1 });
  try {
    const edits = Array.from({ length: 500 }, (_, i) => ({
      id: `u${String(17 * i).padStart(6, '0')}`,
      reference: 'раз два три',
    }));
    await editLabels(scorer, id, edits, { actorId: null, reason: 'bench' });
  } finally {
    await scorer.$client.end();
  }
  await owner.execute(sql`
    with audit as (
      insert into hidden.label_audits (competition_id, label_version, state, audited, effective_systems, systems, finished_at)
      values (${id}, 1, 'done', ${seasonSize.utterances}::integer, 3, '[{"kind": "submission", "id":
        "00000000-0000-4000-8000-000000000001"}]', rostrum_now()) returning id)
    insert into hidden.label_suspects (audit_id, utterance_id, log_odds, wordings, consensus, hypotheses)
    select audit.id, r.utterance_id, random() * 10, array[r.reference], 'раз два', array['раз два']
    from audit, hidden.test_references r
    where r.competition_id = ${id} and r.label_version = 1 and r.utterance_id like '%50'`);
  await owner.execute(sql`
    insert into label_flags (competition_id, team_id, utterance_id, note)
    select ${id}, id, 'u000' || lpad((row_number() over ())::text, 3, '0'), 'слышно другое'
    from teams where competition_id = ${id} and kind = 'team'`);
}
