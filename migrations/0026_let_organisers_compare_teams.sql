-- Organisers decide who is ranked by evidence, too: which files of different teams are nearly the same, and which teams make mistakes that
-- nobody else makes. It quotes labels and says how teams do on hidden data, so it stands in schema hidden. Adds tables only.

create table hidden.team_comparisons (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  label_version integer not null,
  requested_by uuid references users,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  -- Real time: whoever works on it renews this, and another takes over where it has passed.
  lease_until timestamptz,
  -- Teams that were compared, and systems that anybody may build on: baselines and files of organisers.
  teams integer,
  known_systems integer,
  failure text,
  created_at timestamptz not null default rostrum_now(),
  started_at timestamptz,
  finished_at timestamptz,
  foreign key (competition_id, label_version) references hidden.label_versions,
  constraint a_comparison_that_is_done_says_of_how_many check ((state = 'done') = (teams is not null))
);
create unique index one_comparison_at_a_time on hidden.team_comparisons (competition_id)
  where state in ('queued', 'running');
create index comparisons_of_competition on hidden.team_comparisons (competition_id, created_at);

-- Of the last comparison that is done: pairs that stand out, and some that do not, to compare with.
create table hidden.team_pairs (
  comparison_id uuid not null references hidden.team_comparisons,
  place integer not null,
  first_team uuid not null references teams,
  second_team uuid not null references teams,
  first_submission uuid not null references submissions,
  second_submission uuid not null references submissions,
  -- The JSON of lib/evidence.ts.
  figures jsonb not null,
  examples jsonb not null,
  primary key (comparison_id, place),
  constraint teams_in_order check (first_team < second_team)
);

-- Somebody looked at a pair of teams, and what they make of it. It outlives comparisons.
create table hidden.team_pair_notes (
  id bigint generated always as identity primary key,
  competition_id uuid not null references competitions,
  first_team uuid not null references teams,
  second_team uuid not null references teams,
  note text not null check (char_length(note) between 1 and 500),
  noted_by uuid references users,
  noted_at timestamptz not null default rostrum_now(),
  constraint teams_in_order check (first_team < second_team)
);
create index notes_of_team_pair on hidden.team_pair_notes (competition_id, first_team, second_team);

grant select, insert, update on hidden.team_comparisons to rostrum_scorer;
grant select, insert, delete on hidden.team_pairs to rostrum_scorer;
grant select, insert on hidden.team_pair_notes to rostrum_scorer;
