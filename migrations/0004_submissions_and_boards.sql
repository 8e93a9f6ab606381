-- Submissions, their bytes and quota, exact counts (hidden), the published number of each, and the public board snapshots.
-- The submission row is the truth and carries its state; a job only says "look at it".

create table submissions (
  id uuid primary key default gen_random_uuid(),
  -- Order of arrival at the database.
  sequence bigint generated always as identity unique,
  competition_id uuid not null references competitions,
  team_id uuid not null,
  author_id uuid references users,
  split text not null check (split in ('dev', 'test')),
  state text not null check (state in ('queued', 'scoring', 'scored', 'rejected', 'failed')),
  -- Counted up at every claim. A result is written only by the attempt that holds the row.
  attempt integer not null default 0,
  lease_until timestamptz,
  -- The arrival of the authenticated headers, by the database's clock: decides the window and the quota's day.
  received_at timestamptz not null,
  late boolean not null default false,
  -- The competition's day that was charged; null where nothing was (dev, late, rejected, baseline, refunded).
  quota_day date,
  file_name text not null default '' check (char_length(file_name) <= 255),
  note text not null default '' check (char_length(note) <= 200),
  code_link text check (char_length(code_link) <= 500),
  format text,
  bytes integer not null check (bytes >= 0),
  sha256 bytea not null check (octet_length(sha256) = 32),
  idempotency_key text check (char_length(idempotency_key) between 1 and 255),
  problems jsonb not null default '[]',
  problem_count integer not null default 0,
  warnings jsonb not null default '[]',
  failure text,
  finished_at timestamptz,
  voided_at timestamptz,
  foreign key (competition_id, team_id) references teams (competition_id, id),
  constraint lease_while_scoring check ((state = 'scoring') = (lease_until is not null)),
  constraint failure_has_a_reason check ((state = 'failed') = (failure is not null)),
  constraint rejected_has_problems check ((state = 'rejected') = (problem_count > 0)),
  constraint one_answer_per_key unique (team_id, idempotency_key)
);
create index submissions_of_team on submissions (team_id, sequence desc);
create index submissions_of_competition on submissions (competition_id, split, state);
create index submissions_unfinished on submissions (sequence) where state in ('queued', 'scoring');
create index submissions_by_content on submissions (team_id, split, sha256);

-- What waits to be scored and in which order, the one definition for workers and for "third in the queue". Teams take turns: a
-- team's second file comes after everybody's first. Late files wait for the reveal and come last.
create view scoring_queue as
  select id, state, attempt, lease_until, row_number() over (order by late, turn, sequence) as place
  from (
    select s.*, row_number() over (partition by s.team_id, s.late order by s.sequence) as turn
    from submissions s join competitions c on c.id = s.competition_id
    where s.state in ('queued', 'scoring') and s.voided_at is null and (not s.late or c.reveals_at <= rostrum_now())
  ) waiting;

create table submission_files (
  submission_id uuid primary key references submissions,
  -- Exactly the bytes that were sent.
  content bytea not null
);

-- Who was in the team when an attempt was charged: attempts follow people.
create table submission_people (
  submission_id uuid not null references submissions,
  user_id uuid not null references users,
  primary key (submission_id, user_id)
);
create index submission_people_of_user on submission_people (user_id);

create table quota_days (
  team_id uuid not null references teams,
  day date not null,
  used integer not null default 0 check (used >= 0),
  primary key (team_id, day)
);

-- Exact counts per fold. Rates are derived from these; the standard error is that of the error rate, by unit (delta method).
create table hidden.counts (
  submission_id uuid not null references submissions,
  fold text not null check (fold in ('public', 'private')),
  label_version integer not null,
  scorer_version text not null,
  profile text not null,
  hits integer not null check (hits >= 0),
  substitutions integer not null check (substitutions >= 0),
  deletions integer not null check (deletions >= 0),
  insertions integer not null check (insertions >= 0),
  standard_error double precision,
  scored_at timestamptz not null default rostrum_now(),
  primary key (submission_id, fold, label_version, scorer_version)
);

-- What a team may see of a submission's score: on test the public rate in tenths of a percent point with its interval rounded
-- outwards, on dev everything. Written by the scorer only.
create table published_scores (
  submission_id uuid primary key references submissions,
  label_version integer not null,
  scorer_version text not null,
  profile text not null,
  wer_permille integer,
  interval_low_permille integer,
  interval_high_permille integer,
  dev jsonb,
  published_at timestamptz not null default rostrum_now()
);

-- What the public sees. Page, JSON, CSV and events read the newest of these and nothing else.
create table board_snapshots (
  competition_id uuid not null references competitions,
  version bigint not null,
  at timestamptz not null default rostrum_now(),
  frozen boolean not null default false,
  -- The JSON as served, byte for byte: page, API and events never disagree.
  body text not null,
  primary key (competition_id, version)
);
create index board_snapshots_by_instant on board_snapshots (competition_id, at);

create table workers (
  id uuid primary key,
  process text not null,
  started_at timestamptz not null default rostrum_now(),
  seen_at timestamptz not null default rostrum_now()
);

grant select, insert on submissions to rostrum_web;
grant select on scoring_queue to rostrum_web, rostrum_scorer;
grant select, update on submissions to rostrum_scorer;
grant select, insert on submission_files, submission_people to rostrum_web;
grant select on submission_files, submission_people to rostrum_scorer;
grant select, insert, update on quota_days to rostrum_web, rostrum_scorer;
grant select, insert, update on hidden.counts to rostrum_scorer;
grant select on published_scores, board_snapshots, workers to rostrum_web;
grant select, insert, update on published_scores, workers to rostrum_scorer;
grant delete on workers to rostrum_scorer;
grant select, insert on board_snapshots to rostrum_scorer;
