-- The log becomes a chain, so that a row that was altered, removed or put in between is found by anybody who noted a head of it; and
-- what a board is drawn from is kept as it changes, so that every snapshot can be recomputed (docs/log.md). Adds only.

-- One chain per competition; that of the nil uuid holds what belongs to no competition. Chained after the commit, in the order in
-- which events were found committed: writers wait for nobody, and an id that commits late comes later in the chain.
create table event_chain (
  chain uuid not null,
  position bigint not null check (position >= 1),
  event_id bigint not null unique,
  hash bytea not null check (octet_length(hash) = 32),
  chained_at timestamptz not null default clock_timestamp(),
  primary key (chain, position)
);
create trigger event_chain_is_final before update or delete or truncate on event_chain
  for each statement execute function refuse_change();

create table unchained_events (
  event_id bigint primary key,
  chain uuid not null
);

create function remember_unchained() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into unchained_events (event_id, chain)
  select id, coalesce(competition_id, '00000000-0000-0000-0000-000000000000') from added;
  return null;
end $$;
create trigger events_are_to_be_chained after insert on events
  referencing new table as added for each statement execute function remember_unchained();

-- A text that nothing else reads the same: every field with its length in bytes.
create function netstring(field text) returns text language sql immutable strict
  as $$ select octet_length(convert_to(field, 'UTF8')) || ':' || field || ',' $$;

create function event_text(e events) returns text language sql stable set search_path = public, pg_temp as $$
  select netstring(e.id::text) || netstring(to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || netstring(coalesce(e.actor_id::text, '')) || netstring(coalesce(e.competition_id::text, ''))
    || netstring(e.kind) || netstring(e.subject) || netstring(e.reason) || netstring(e.details::text)
$$;

-- Chains what has been committed, at most so many events; returns how many. Anybody may ask for it, and nobody can have it done otherwise.
create function chain_events(most integer default 10000) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  waiting record;
  current uuid;
  previous bytea;
  place bigint;
  chained integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('rostrum-event-chain'));
  for waiting in
    with taken as (
      delete from unchained_events where event_id in (select event_id from unchained_events order by event_id limit most)
      returning event_id, chain)
    select t.chain, e.id, event_text(e) as said from taken t join events e on e.id = t.event_id order by t.chain, e.id
  loop
    if current is distinct from waiting.chain then
      current := waiting.chain;
      previous := decode(repeat('00', 32), 'hex');
      place := 0;
      select c.hash, c.position into previous, place from event_chain c
        where c.chain = current order by c.position desc limit 1;
      previous := coalesce(previous, decode(repeat('00', 32), 'hex'));
      place := coalesce(place, 0);
    end if;
    previous := sha256(previous || convert_to(waiting.said, 'UTF8'));
    place := place + 1;
    insert into event_chain (chain, position, event_id, hash) values (current, place, waiting.id, previous);
    chained := chained + 1;
  end loop;
  return chained;
end $$;
revoke all on function chain_events from public;
grant execute on function chain_events to rostrum_web, rostrum_scorer;

insert into unchained_events
  select id, coalesce(competition_id, '00000000-0000-0000-0000-000000000000') from events;
select chain_events(2147483647);

-- Every time somebody, or the worker by itself, read a chain from its first event to its head.
create table log_checks (
  chain uuid not null,
  checked_at timestamptz not null default clock_timestamp(),
  position bigint not null,
  hash bytea not null,
  -- Null where all is well; else what was found first.
  problem text,
  primary key (chain, checked_at)
);

grant select on event_chain, log_checks to rostrum_web;
grant select on event_chain, unchained_events to rostrum_scorer;
grant select, insert on log_checks to rostrum_scorer;

-- What boards are drawn from, whole, at every change, by whoever makes it. Exact counts stand here too: for the scoring side alone.
create table hidden.board_inputs (
  id bigint generated always as identity primary key,
  competition_id uuid not null,
  kind text not null check (kind in ('rules', 'team', 'voided', 'published')),
  -- The competition, the team or the submission.
  subject uuid not null,
  body jsonb not null
);
create index board_inputs_of_competition on hidden.board_inputs (competition_id, id);
create trigger board_inputs_are_final before update or delete or truncate on hidden.board_inputs
  for each statement execute function refuse_change();

create function board_rules(c competitions) returns jsonb language sql stable as $$
  select jsonb_build_object('labelVersion', c.label_version, 'policy', c.policy, 'freezesAt', c.freezes_at)
$$;
create function board_team(t teams) returns jsonb language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('name', t.name, 'kind', t.kind, 'isGuest', t.is_guest, 'isDemo', t.is_demo,
    'isDisbanded', t.disbanded_at is not null,
    'isUnranked', exists (select from eligibility_marks e where e.team_id = t.id and not e.is_ranked),
    'members', (select count(*) from team_members m where m.team_id = t.id))
$$;
create function board_score(p published_scores) returns jsonb
  language sql stable set search_path = public, hidden, pg_temp as $$
  select jsonb_build_object('teamId', s.team_id, 'receivedAt', s.received_at, 'late', s.late,
    'labelVersion', p.label_version, 'scorerVersion', p.scorer_version, 'publishedAt', p.published_at,
    'werPermille', p.wer_permille, 'low', p.interval_low_permille, 'high', p.interval_high_permille,
    'verdict', p.verdict, 'counts', (
      select jsonb_build_object('hits', c.hits, 'substitutions', c.substitutions, 'deletions', c.deletions,
        'insertions', c.insertions, 'standardError', c.standard_error)
      from hidden.counts c where c.submission_id = p.submission_id and c.fold = 'public'
        and c.label_version = p.label_version and c.scorer_version = p.scorer_version))
  from submissions s where s.id = p.submission_id
$$;

-- In the order of the boards: who draws one holds the competition's row, and who changes what it is drawn from waits for that, or is
-- waited for, so that the number of an input says whether a board has it.
create function keep_board_input(competition uuid, kind text, subject uuid, body jsonb) returns void
  language plpgsql set search_path = public, hidden, pg_temp as $$
begin
  perform from competitions where id = competition for share;
  insert into hidden.board_inputs (competition_id, kind, subject, body) values (competition, kind, subject, body);
end $$;

create function keep_rules() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' or board_rules(old) is distinct from board_rules(new) then
    perform keep_board_input(new.id, 'rules', new.id, board_rules(new));
  end if;
  return null;
end $$;
create trigger rules_are_kept after insert or update on competitions for each row execute function keep_rules();

create function keep_team() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and board_team(old) = board_team(new) then return null; end if;
  perform keep_board_input(new.competition_id, 'team', new.id, board_team(new));
  return null;
end $$;
create trigger teams_are_kept after insert or update on teams for each row execute function keep_team();

create function keep_team_of_row() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform keep_board_input(t.competition_id, 'team', t.id, board_team(t))
    from teams t where t.id = case when tg_op = 'DELETE' then old.team_id else new.team_id end;
  return null;
end $$;
create trigger members_are_kept after insert or delete on team_members for each row execute function keep_team_of_row();
create trigger marks_are_kept after insert or update or delete on eligibility_marks
  for each row execute function keep_team_of_row();

create function keep_voided() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform keep_board_input(new.competition_id, 'voided', new.id,
    jsonb_build_object('teamId', new.team_id, 'isVoided', new.voided_at is not null));
  return null;
end $$;
create trigger voided_are_kept after update of voided_at on submissions for each row
  when ((old.voided_at is null) is distinct from (new.voided_at is null)) execute function keep_voided();

create function keep_published() returns trigger
  language plpgsql security definer set search_path = public, hidden, pg_temp as $$
begin
  perform from competitions where id in (
    select s.competition_id from changed p join submissions s on s.id = p.submission_id) for share;
  insert into hidden.board_inputs (competition_id, kind, subject, body)
  select s.competition_id, 'published', p.submission_id, board_score(p)
  from changed c join published_scores p on p.submission_id = c.submission_id
  join submissions s on s.id = p.submission_id
  where s.split = 'test' order by s.sequence;
  return null;
end $$;
create trigger added_scores_are_kept after insert on published_scores
  referencing new table as changed for each statement execute function keep_published();
create trigger changed_scores_are_kept after update on published_scores
  referencing new table as changed for each statement execute function keep_published();

insert into hidden.board_inputs (competition_id, kind, subject, body)
  select id, 'rules', id, board_rules(c) from competitions c;
insert into hidden.board_inputs (competition_id, kind, subject, body)
  select competition_id, 'team', id, board_team(t) from teams t;
insert into hidden.board_inputs (competition_id, kind, subject, body)
  select competition_id, 'voided', id, jsonb_build_object('teamId', team_id, 'isVoided', true)
  from submissions where voided_at is not null;
insert into hidden.board_inputs (competition_id, kind, subject, body)
  select s.competition_id, 'published', s.id, board_score(p)
  from published_scores p join submissions s on s.id = p.submission_id where s.split = 'test' order by s.sequence;

-- How far the inputs had come when a snapshot was drawn; null on those from before inputs were kept.
alter table board_snapshots add column inputs_through bigint;

create function seal_board() returns trigger
  language plpgsql security definer set search_path = public, hidden, pg_temp as $$
begin
  select coalesce(max(id), 0) into new.inputs_through from hidden.board_inputs where competition_id = new.competition_id;
  return new;
end $$;
create trigger boards_say_what_they_are_drawn_from before insert on board_snapshots
  for each row execute function seal_board();

-- Every snapshot is in the log by its SHA-256, and so are the inputs that are new to it, but for exact counts: whoever may read the log
-- could guess those from a digest.
create function log_board() returns trigger
  language plpgsql security definer set search_path = public, hidden, pg_temp as $$
declare
  before bigint;
  inputs text;
begin
  select coalesce(max(inputs_through), 0) into before from board_snapshots
    where competition_id = new.competition_id and version < new.version;
  select coalesce(string_agg(netstring(id::text) || netstring(kind) || netstring(subject::text)
      || netstring((body - 'counts')::text), '' order by id), '')
    into inputs from hidden.board_inputs
    where competition_id = new.competition_id and id > before and id <= new.inputs_through;
  insert into events (at, competition_id, kind, subject, details) values (
    rostrum_now(), new.competition_id, 'board-drawn', new.competition_id::text, jsonb_build_object(
      'version', new.version, 'sha256', encode(sha256(convert_to(new.body, 'UTF8')), 'hex'),
      'inputsThrough', new.inputs_through, 'inputsSha256', encode(sha256(convert_to(inputs, 'UTF8')), 'hex')));
  return null;
end $$;
create trigger boards_are_logged after insert on board_snapshots for each row execute function log_board();
create trigger boards_are_final before update or delete or truncate on board_snapshots
  for each statement execute function refuse_change();

grant select on hidden.board_inputs to rostrum_scorer;
