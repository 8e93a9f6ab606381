-- Competitions with their windows, the people who run them, and teams of a bounded size.
-- Every window is half-open, [start, end); a null end means "for good".

create table competitions (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) between 2 and 60),
  name_ru text not null check (char_length(name_ru) between 1 and 120),
  name_en text not null check (char_length(name_en) between 1 and 120),
  brief_ru text not null default '',
  brief_en text not null default '',
  rules_ru text not null default '',
  rules_en text not null default '',
  -- Counts up when the rules change: acceptance is of a version.
  rules_version integer not null default 1,
  licence text not null default '',
  attribution text not null default '',
  time_zone text not null default 'Europe/Moscow',
  is_demo boolean not null default false,
  published_at timestamptz,

  registration_starts_at timestamptz not null,
  registration_ends_at timestamptz not null,
  team_changes_start_at timestamptz not null,
  team_changes_end_at timestamptz not null,
  train_released_at timestamptz not null,
  dev_released_at timestamptz not null,
  test_released_at timestamptz not null,
  submissions_start_at timestamptz not null,
  submissions_end_at timestamptz not null,
  freezes_at timestamptz,
  defence_at timestamptz,
  reveals_at timestamptz,
  grades_published_at timestamptz,

  team_size integer not null default 4 check (team_size between 1 and 50),
  daily_quota integer not null default 5 check (daily_quota between 1 and 1000),
  policy text not null default 'open' check (policy in ('open', 'ladder')),
  profile text not null default 'raw',
  public_fold_percent integer not null default 30 check (public_fold_percent between 1 and 99),
  label_version integer not null default 0,
  -- How folds, intervals and ties group utterances; set by the import.
  unit text not null default 'text' check (unit in ('speaker', 'group', 'text')),
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),

  constraint registration_in_order check (registration_starts_at < registration_ends_at),
  constraint team_changes_in_order check (team_changes_start_at < team_changes_end_at),
  constraint submissions_in_order check (submissions_start_at < submissions_end_at),
  constraint reveal_after_close check (reveals_at is null or reveals_at >= submissions_end_at),
  constraint freeze_before_reveal check (freezes_at is null or reveals_at is null or freezes_at <= reveals_at)
);

create table competition_roles (
  competition_id uuid not null references competitions,
  user_id uuid not null references users,
  role text not null check (role in ('organiser', 'assistant')),
  primary key (competition_id, user_id)
);
create index competition_roles_of_user on competition_roles (user_id);

create table rule_acceptances (
  competition_id uuid not null references competitions,
  user_id uuid not null references users,
  rules_version integer not null,
  accepted_at timestamptz not null default rostrum_now(),
  primary key (competition_id, user_id, rules_version)
);

create table teams (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  -- The baseline is an entry like any other, but ranked by nobody and without members.
  kind text not null default 'team' check (kind in ('team', 'baseline')),
  name text not null,
  -- The name as compared: look-alike letters, case and spacing folded away (lib/team-name.ts).
  name_key text not null,
  captain_id uuid references users,
  is_guest boolean not null default false,
  is_demo boolean not null default false,
  disbanded_at timestamptz,
  created_at timestamptz not null default rostrum_now(),
  unique (competition_id, id)
);
create unique index team_names_are_distinct on teams (competition_id, name_key) where disbanded_at is null;
create unique index one_baseline on teams (competition_id) where kind = 'baseline';

create table team_members (
  team_id uuid not null,
  user_id uuid not null references users,
  competition_id uuid not null references competitions,
  joined_at timestamptz not null default rostrum_now(),
  primary key (team_id, user_id),
  constraint one_team_per_person unique (competition_id, user_id),
  foreign key (competition_id, team_id) references teams (competition_id, id)
);
create index team_members_of_user on team_members (user_id);

-- Ten people may press "join" at once: each insert waits here for the team's row, then counts.
create function enforce_team_size() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  allowed integer;
begin
  perform 1 from teams where id = new.team_id for no key update;
  select team_size into allowed from competitions where id = new.competition_id;
  if (select count(*) from team_members where team_id = new.team_id) >= allowed then
    raise exception 'team % already has % members', new.team_id, allowed
      using errcode = 'check_violation', constraint = 'team_is_full';
  end if;
  return new;
end $$;
create trigger team_size_is_kept before insert on team_members for each row execute function enforce_team_size();

create table team_invites (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references teams,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_by uuid not null references users,
  created_at timestamptz not null default rostrum_now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index team_invites_of_team on team_invites (team_id);

grant select, insert, update on competitions to rostrum_web;
grant select, update (label_version, unit) on competitions to rostrum_scorer;
grant select, insert, update, delete on competition_roles to rostrum_web;
grant select on competition_roles, teams, team_members to rostrum_scorer;
grant select, insert on rule_acceptances to rostrum_web;
grant select, insert, update on teams, team_invites to rostrum_web;
grant select, insert, delete on team_members to rostrum_web;
