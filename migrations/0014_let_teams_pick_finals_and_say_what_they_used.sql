-- Which entries of a team count in the end, what it says of its method, whether organisers rank it, and the result of the private
-- fold. The result stands in schema hidden; the web sees it through a view that is empty until the reveal, by the clock of rules.

create table final_picks (
  submission_id uuid primary key references submissions,
  picked_by uuid references users,
  picked_at timestamptz not null default rostrum_now()
);

-- A reminder is of one close: where that moves, people are reminded of the new one.
create table team_reminders (
  team_id uuid not null references teams,
  hours_before integer not null check (hours_before > 0),
  closes_at timestamptz not null,
  sent_at timestamptz not null default rostrum_now(),
  primary key (team_id, hours_before, closes_at)
);

create table method_cards (
  team_id uuid primary key references teams,
  model text not null default '' check (char_length(model) <= 4000),
  data text not null default '' check (char_length(data) <= 4000),
  external_services text not null default '' check (char_length(external_services) <= 4000),
  code_link text check (char_length(code_link) <= 500),
  code_commit text check (code_commit ~ '^[0-9a-f]{7,64}$'),
  edited_by uuid references users,
  edited_at timestamptz not null default rostrum_now()
);

-- A team that organisers let edit its card after the close.
create table method_card_permissions (
  team_id uuid primary key references teams,
  granted_by uuid references users,
  granted_at timestamptz not null default rostrum_now()
);

-- Without a row nobody has decided, and the team is ranked.
create table eligibility_marks (
  team_id uuid primary key references teams,
  is_ranked boolean not null,
  reason text not null check (char_length(reason) between 1 and 500),
  decided_by uuid references users,
  decided_at timestamptz not null default rostrum_now()
);

create table hidden.result_snapshots (
  competition_id uuid not null references competitions,
  version integer not null check (version >= 1),
  label_version integer not null,
  at timestamptz not null default rostrum_now(),
  -- The JSON of lib/finals.ts.
  body text not null,
  primary key (competition_id, version)
);
create trigger results_are_final before update or delete or truncate on hidden.result_snapshots
  for each statement execute function refuse_change();

create view revealed_results with (security_barrier) as
  select r.competition_id, r.version, r.label_version, r.at, r.body
  from hidden.result_snapshots r join competitions c on c.id = r.competition_id
  where c.published_at <= rostrum_now() and c.reveals_at <= rostrum_now();

grant select, insert, delete on final_picks to rostrum_web;
grant select, insert, update on method_cards, eligibility_marks to rostrum_web;
grant select, insert, delete on method_card_permissions to rostrum_web;
grant select on revealed_results to rostrum_web;
grant select on final_picks, method_cards, method_card_permissions, eligibility_marks, team_adjustments to rostrum_scorer;
grant select, insert on team_reminders, hidden.result_snapshots to rostrum_scorer;
-- Reminders are written by who sweeps.
grant insert on mails to rostrum_scorer;
