-- An organiser has a model of Rostrum transcribe a split: the worker does it, the page watches, and what comes of it is pinned like any
-- other baseline. Adds one table, and the rights that a worker needs to hand in a file; the entry itself is made by whoever asks.

create table baseline_runs (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  requested_by uuid references users,
  -- The entry that the file is handed in by.
  team_id uuid not null,
  split text not null check (split in ('dev', 'test')),
  -- A name, and never a path: where models lie is the worker's business.
  model text not null check (model ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  -- Real time: whoever works on it renews this, and another takes over where it has passed.
  lease_until timestamptz,
  -- Seconds of sound.
  done integer not null default 0,
  total integer,
  -- What it was computed on, and which rungs above that were skipped, with the reasons.
  backend text,
  device text,
  skipped jsonb not null default '[]',
  submission_id uuid references submissions,
  failure text,
  created_at timestamptz not null default rostrum_now(),
  started_at timestamptz,
  finished_at timestamptz,
  foreign key (competition_id, team_id) references teams (competition_id, id),
  constraint a_run_that_is_done_handed_in_a_file check ((state = 'done') = (submission_id is not null))
);
create index baseline_runs_of_competition on baseline_runs (competition_id, created_at);

grant select, insert on baseline_runs to rostrum_web;
grant select, update on baseline_runs to rostrum_scorer;
grant insert on submissions, submission_files to rostrum_scorer;
