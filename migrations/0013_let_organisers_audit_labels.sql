-- Organisers find wrong labels: an audit ranks utterances by how surely systems agree on another text, and teams say which recordings have
-- something wrong. What an audit finds quotes labels, so it stands in schema hidden. Adds tables only.

-- Predictions files that organisers bring for audits alone: they have no team, no score and no place.
create table hidden.audit_outputs (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  name text not null check (char_length(name) between 1 and 200),
  format text not null,
  -- As sent.
  content bytea not null,
  added_by uuid references users,
  added_at timestamptz not null default rostrum_now(),
  removed_at timestamptz
);
create index audit_outputs_of_competition on hidden.audit_outputs (competition_id, added_at);

create table hidden.label_audits (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  -- The draft's where there was one.
  label_version integer not null,
  requested_by uuid references users,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  -- Real time: whoever works on it renews this, and another takes over where it has passed.
  lease_until timestamptz,
  -- What was heard by, in the order of the hypotheses of its suspects: [{"kind": "file" | "submission", "id": uuid}].
  systems jsonb not null default '[]',
  -- Utterances.
  audited integer,
  effective_systems double precision,
  failure text,
  created_at timestamptz not null default rostrum_now(),
  started_at timestamptz,
  finished_at timestamptz,
  foreign key (competition_id, label_version) references hidden.label_versions,
  constraint an_audit_that_is_done_says_of_what check ((state = 'done') = (audited is not null))
);
create unique index one_audit_at_a_time on hidden.label_audits (competition_id) where state in ('queued', 'running');
create index audits_of_competition on hidden.label_audits (competition_id, created_at);

-- Of the last audit that is done.
create table hidden.label_suspects (
  audit_id uuid not null references hidden.label_audits,
  utterance_id text not null,
  log_odds double precision not null,
  -- The label that was looked at: what was said, then other wordings.
  wordings text[] not null,
  consensus text not null,
  hypotheses text[] not null,
  primary key (audit_id, utterance_id)
);

-- Somebody listened, and the label is right. It holds for these words of both sides and for no others.
create table hidden.label_dismissals (
  id bigint generated always as identity primary key,
  competition_id uuid not null references competitions,
  utterance_id text not null,
  wordings text[] not null,
  consensus text not null,
  reason text not null check (char_length(reason) between 1 and 500),
  dismissed_by uuid references users,
  dismissed_at timestamptz not null default rostrum_now()
);
create index dismissals_of_utterance on hidden.label_dismissals (competition_id, utterance_id);

-- What a team says of a recording whose text it does not see. That somebody has looked is all that it is told.
create table label_flags (
  competition_id uuid not null,
  team_id uuid not null,
  utterance_id text not null,
  note text not null check (char_length(note) between 1 and 500),
  flagged_by uuid references users,
  flagged_at timestamptz not null default rostrum_now(),
  looked_at timestamptz,
  looked_by uuid references users,
  primary key (competition_id, team_id, utterance_id),
  foreign key (competition_id, team_id) references teams (competition_id, id)
);
create index flags_of_utterance on label_flags (competition_id, utterance_id);

grant select, insert on hidden.audit_outputs to rostrum_scorer;
grant update (removed_at) on hidden.audit_outputs to rostrum_scorer;
grant select, insert, update on hidden.label_audits to rostrum_scorer;
grant select, insert, delete on hidden.label_suspects to rostrum_scorer;
grant select, insert on hidden.label_dismissals to rostrum_scorer;
grant select, insert on label_flags to rostrum_web;
grant select on label_flags to rostrum_scorer;
grant update (looked_at, looked_by) on label_flags to rostrum_scorer;
