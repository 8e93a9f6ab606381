-- The public defence: who talks when, what a team shows, the clock on the stage, people who help for one evening without an account,
-- their marks, and who was there.

create table defence_plans (
  competition_id uuid primary key references competitions,
  -- Rises with every change of the plan or its slots; a change names the one that it was made upon.
  version integer not null default 0,
  -- Null: the defence of the timeline.
  starts_at timestamptz,
  talk_minutes integer not null default 7 check (talk_minutes between 1 and 120),
  question_minutes integer not null default 3 check (question_minutes between 0 and 120),
  warning_minutes integer not null default 1 check (warning_minutes between 0 and 60),
  -- Until when teams edit their pages. Null: the start.
  talks_close_at timestamptz,
  programme_published_at timestamptz,
  slides_published_at timestamptz,
  -- What full marks of all jurors are worth. Null: marks give no points.
  points_for_marks integer check (points_for_marks between 1 and 100)
);

create table defence_slots (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references defence_plans,
  position integer not null check (position >= 0),
  -- Null: a break.
  team_id uuid,
  -- Of a break; of a talk null, where it is as long as all.
  minutes integer check (minutes between 1 and 480),
  is_skipped boolean not null default false,
  -- When its clock was first started.
  began_at timestamptz,
  constraint one_slot_per_team unique (competition_id, team_id),
  constraint slots_are_numbered unique (competition_id, position) deferrable initially deferred,
  constraint a_break_has_a_length check (team_id is not null or minutes is not null),
  foreign key (competition_id, team_id) references teams (competition_id, id)
);

-- Every draw of the order stays, so that nobody can draw until they like it unseen. Names as they were, for anybody to draw again.
create table defence_draws (
  id bigint generated always as identity primary key,
  competition_id uuid not null references competitions,
  seed text not null check (char_length(seed) between 1 and 100),
  teams text[] not null,
  drawn_by uuid references users,
  drawn_at timestamptz not null default rostrum_now()
);
create index draws_of_defence on defence_draws (competition_id, id desc);

create table defence_talks (
  team_id uuid primary key references teams,
  title text not null default '' check (char_length(title) <= 120),
  description text not null default '' check (char_length(description) <= 1000),
  slides_link text check (slides_link ~ '^https://' and char_length(slides_link) <= 500),
  slides_sha256 bytea check (octet_length(slides_sha256) = 32),
  slides_bytes bigint,
  slides_name text check (char_length(slides_name) <= 255),
  edited_by uuid references users,
  edited_at timestamptz not null default rostrum_now(),
  constraint slides_are_whole check ((slides_sha256 is null) = (slides_bytes is null) and (slides_sha256 is null) = (slides_name is null))
);

-- How somebody wants to be named before the public. Without a row they are not named.
create table defence_speakers (
  competition_id uuid not null references competitions,
  user_id uuid not null references users,
  name text not null check (char_length(name) between 1 and 80),
  primary key (competition_id, user_id)
);

-- What the hall sees now, and its clock: instants and lengths only, so that nothing ticks here.
create table stages (
  competition_id uuid primary key references competitions,
  version bigint not null default 0,
  -- Whether the talk is shown; else the board is.
  is_shown boolean not null default false,
  slot_id uuid references defence_slots,
  part text not null default 'talk' check (part in ('talk', 'questions', 'break')),
  allotted_ms integer not null default 0 check (allotted_ms >= 0),
  -- Run before it was started last.
  spent_ms integer not null default 0 check (spent_ms >= 0),
  running_since timestamptz
);

create table evening_links (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  role text not null check (role in ('stage', 'juror')),
  -- Who got it.
  name text not null check (char_length(name) between 1 and 80),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  opened_at timestamptz
);
create index evening_links_of_competition on evening_links (competition_id, created_at);

create table defence_criteria (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  position integer not null,
  name_ru text not null check (char_length(name_ru) between 1 and 120),
  name_en text not null check (char_length(name_en) between 1 and 120),
  -- Marks go from 1 to this.
  highest integer not null check (highest between 2 and 100),
  removed_at timestamptz
);
create index criteria_of_competition on defence_criteria (competition_id, position);

create table defence_marks (
  juror_id uuid not null references evening_links,
  team_id uuid not null references teams,
  criterion_id uuid not null references defence_criteria,
  mark integer not null check (mark between 1 and 100),
  marked_at timestamptz not null default rostrum_now(),
  primary key (juror_id, team_id, criterion_id)
);

create table defence_comments (
  juror_id uuid not null references evening_links,
  team_id uuid not null references teams,
  comment text not null check (char_length(comment) <= 2000),
  written_at timestamptz not null default rostrum_now(),
  primary key (juror_id, team_id)
);

-- Whether somebody counts as having been there. With a reason an organiser decided it otherwise than by looking around the hall.
-- Without a row they were not.
create table defence_attendance (
  competition_id uuid not null references competitions,
  user_id uuid not null references users,
  attended boolean not null,
  override_reason text check (char_length(override_reason) between 1 and 500),
  recorded_by uuid references users,
  recorded_at timestamptz not null default rostrum_now(),
  primary key (competition_id, user_id)
);

grant select, insert, update on defence_plans, defence_talks, stages, evening_links, defence_criteria, defence_marks, defence_comments,
  defence_attendance to rostrum_web;
grant select, insert, update, delete on defence_slots, defence_speakers to rostrum_web;
grant select, insert on defence_draws to rostrum_web;
