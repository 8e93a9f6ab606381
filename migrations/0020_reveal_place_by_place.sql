-- A reveal goes step by step, as an organiser presses. What is public are the steps opened so far: the web's role reads those and no
-- further, whatever it asks. Everything else that opens with the result (labels, the board, late files) waits for the last step.

alter table competitions
  -- Staged: from reveals_at on an organiser opens step after step. At once: everything is open at reveals_at.
  add column reveal_mode text not null default 'at-once' check (reveal_mode in ('at-once', 'staged')),
  -- When a staged reveal was through, or skipped.
  add column reveal_ended_at timestamptz;

create function is_revealed(c competitions) returns boolean language sql stable as $$
  select coalesce(c.published_at <= rostrum_now() and c.reveals_at <= rostrum_now()
    and (c.reveal_mode = 'at-once' or c.reveal_ended_at <= rostrum_now()), false)
$$;

-- Where a reveal stands. It shows the version of the result that it began with.
create table reveals (
  competition_id uuid primary key references competitions,
  result_version integer not null,
  -- Steps 0 to this are public.
  opened integer not null default 0,
  -- The step that screens show: going back hides nothing, it only shows again.
  position integer not null default 0,
  -- Rises with every press; a press names the one that it was made upon, so that two at once are one.
  revision integer not null default 1,
  -- Whether the hall sees it; else it sees what it would without a reveal.
  is_shown boolean not null default true,
  started_at timestamptz not null default rostrum_now(),
  constraint shows_what_is_open check (position between 0 and opened)
);

create table hidden.reveal_steps (
  competition_id uuid not null,
  result_version integer not null,
  step integer not null check (step >= 0),
  is_last boolean not null,
  -- The JSON of lib/reveal.ts.
  body text not null,
  primary key (competition_id, result_version, step),
  foreign key (competition_id, result_version) references hidden.result_snapshots (competition_id, version)
);
create trigger steps_are_final before update or delete or truncate on hidden.reveal_steps
  for each statement execute function refuse_change();

-- What opens the file that plays a reveal without a network. It opens one file only, of one version of the labels and finals.
create table hidden.reveal_codes (
  id uuid primary key,
  competition_id uuid not null references competitions,
  code text not null,
  made_by uuid references users,
  made_at timestamptz not null default rostrum_now()
);
create index codes_of_competition on hidden.reveal_codes (competition_id, made_at);

-- That a result has been made, and which: nothing of what it says.
create view result_versions with (security_barrier) as
  select r.competition_id, r.version, r.at
  from hidden.result_snapshots r join competitions c on c.id = r.competition_id
  where c.published_at <= rostrum_now() and c.reveals_at <= rostrum_now();

create view revealed_steps with (security_barrier) as
  select s.competition_id, s.result_version, s.step, s.is_last, s.body
  from hidden.reveal_steps s
  join reveals r on r.competition_id = s.competition_id and r.result_version = s.result_version
  join competitions c on c.id = s.competition_id
  where c.published_at <= rostrum_now() and c.reveals_at <= rostrum_now() and (s.step <= r.opened or is_revealed(c));

create or replace view revealed_results with (security_barrier) as
  select r.competition_id, r.version, r.label_version, r.at, r.body
  from hidden.result_snapshots r join competitions c on c.id = r.competition_id
  where is_revealed(c);

create or replace view scoring_queue as
  select id, state, attempt, lease_until, row_number() over (order by late, turn, sequence) as place
  from (
    select s.*, row_number() over (partition by s.team_id, s.late order by s.sequence) as turn
    from submissions s join competitions c on c.id = s.competition_id
    where s.state in ('queued', 'scoring') and s.voided_at is null and (not s.late or is_revealed(c))
  ) waiting;

grant select, insert, update on reveals to rostrum_web;
grant select on revealed_steps, result_versions to rostrum_web;
grant select on reveals to rostrum_scorer;
grant select, insert on hidden.reveal_steps, hidden.reveal_codes to rostrum_scorer;
