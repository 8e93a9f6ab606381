-- What organisers say to everybody, what people ask them, what is agreed with one team, and who is invited to help run a competition.

-- Rises with everything that is said to everybody: pages that are kept, and pages that are open, are told by it.
alter table competitions add column news_version integer not null default 0;

create table announcements (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  title_ru text not null check (char_length(title_ru) <= 200),
  title_en text not null check (char_length(title_en) <= 200),
  -- Markdown. A language that is left empty is read in the other.
  body_ru text not null check (char_length(body_ru) <= 20000),
  body_en text not null check (char_length(body_en) <= 20000),
  -- Counts up at every edit, so that who has read the first wording is shown the next.
  edition integer not null default 1,
  published_at timestamptz not null default rostrum_now(),
  edited_at timestamptz,
  withdrawn_at timestamptz,
  constraint an_announcement_has_a_title check (title_ru <> '' or title_en <> '')
);
create index announcements_of_competition on announcements (competition_id, published_at desc);

-- Between one person and those who run the competition; what everybody may read is a text of its own, written by the latter.
create table questions (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  asker_id uuid references users,
  -- The team at the time, which those who answer see beside the name.
  team_id uuid references teams,
  body text not null check (char_length(body) between 1 and 2000),
  asked_at timestamptz not null default rostrum_now(),
  answer text check (char_length(answer) between 1 and 10000),
  answered_at timestamptz,
  answered_by uuid references users,
  public_body text check (char_length(public_body) between 1 and 2000),
  constraint an_answer_has_an_instant check ((answer is null) = (answered_at is null)),
  constraint only_answers_are_public check (public_body is null or answer is not null)
);
create index questions_of_competition on questions (competition_id, asked_at desc);
create index questions_of_asker on questions (asker_id, competition_id);

-- What is agreed with one team beside the rules for all. Taken back, and never removed or changed.
create table team_adjustments (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  team_id uuid not null,
  kind text not null check (kind in ('attempts', 'deadline')),
  -- Further attempts: on one day of the competition, or on every day where it is null.
  attempts integer check (attempts between 1 and 1000),
  day date,
  -- Until when files of the team are in time; excluded.
  closes_at timestamptz,
  reason text not null check (char_length(reason) between 1 and 500),
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),
  revoked_at timestamptz,
  foreign key (competition_id, team_id) references teams (competition_id, id),
  constraint attempts_are_numbered check ((kind = 'attempts') = (attempts is not null)),
  constraint a_deadline_has_an_instant check ((kind = 'deadline') = (closes_at is not null)),
  constraint a_deadline_has_no_day check (kind = 'attempts' or day is null)
);
create index adjustments_of_team on team_adjustments (team_id);

-- A part that waits for whoever proves the address: no link opens it, and it is given when the account is made.
create table role_invites (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  email text not null check (char_length(email) between 3 and 254),
  email_key text not null,
  role text not null check (role in ('organiser', 'assistant')),
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),
  constraint one_role_invite_per_address unique (competition_id, email_key)
);
create index role_invites_of_address on role_invites (email_key);

grant select, insert, update on announcements, questions, team_adjustments to rostrum_web;
grant select, insert, update, delete on role_invites to rostrum_web;
