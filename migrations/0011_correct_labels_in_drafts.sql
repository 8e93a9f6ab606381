-- Organisers correct hidden labels through the scoring side: edits gather in a draft, a rescore says what the board would become, and
-- applying it is one transaction. What the labels and folds were is promised beforehand by a SHA-256. Adds columns and tables only.

alter table hidden.label_versions
  add column state text not null default 'applied' check (state in ('draft', 'applied', 'discarded')),
  -- The version that the draft began with; null for what was imported.
  add column base_version integer,
  -- Counts up with every edit: a rescore is of one of them.
  add column revision integer not null default 0,
  add column ended_at timestamptz;
create unique index one_draft_of_labels on hidden.label_versions (competition_id) where state = 'draft';

alter table hidden.test_references
  -- Counts in no fold: nobody could be right about it.
  add column excluded boolean not null default false;

-- What files have been scored against stays as it was.
create function hidden.keep_applied_labels() returns trigger language plpgsql as $$
begin
  if exists (
    select from hidden.label_versions v
    where v.competition_id = old.competition_id and v.version = old.label_version and v.state <> 'draft'
  ) then
    raise exception 'label version % is no draft', old.label_version using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger applied_labels_are_final before update on hidden.test_references
  for each row execute function hidden.keep_applied_labels();

-- Every change of a draft, as the utterance stood afterwards. Reasons stand here and not in the log, which the web may read: whoever
-- gives one quotes the text.
create table hidden.label_edits (
  id bigint generated always as identity primary key,
  competition_id uuid not null,
  label_version integer not null,
  utterance_id text not null,
  reference text not null,
  alternatives text[] not null default '{}',
  excluded boolean not null default false,
  reason text not null,
  edited_by uuid references users,
  edited_at timestamptz not null default rostrum_now(),
  foreign key (competition_id, label_version) references hidden.label_versions
);
create index label_edits_of_utterance on hidden.label_edits (competition_id, utterance_id, id);

create table hidden.rescores (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null,
  label_version integer not null,
  -- Of the draft, when the rescore was asked for.
  revision integer not null,
  requested_by uuid references users,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  -- Real time: whoever works on it renews this, and another takes over where it has passed.
  lease_until timestamptz,
  -- Submissions.
  done integer not null default 0,
  total integer,
  -- What people would see change on the board.
  difference jsonb,
  failure text,
  created_at timestamptz not null default rostrum_now(),
  started_at timestamptz,
  finished_at timestamptz,
  foreign key (competition_id, label_version) references hidden.label_versions,
  constraint a_rescore_that_is_done_says_what_changes check ((state = 'done') = (difference is not null))
);
create index rescores_of_competition on hidden.rescores (competition_id, created_at);

-- SHA-256 of the file of salt, labels and folds (docs/commitment.md), published before anybody is scored by them.
create table label_commitments (
  competition_id uuid not null references competitions,
  label_version integer not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  committed_at timestamptz not null default rostrum_now(),
  primary key (competition_id, label_version)
);
create trigger commitments_are_final before update or delete or truncate on label_commitments
  for each statement execute function refuse_change();

-- Where the web finds the worker's desk; null where the worker has none.
alter table workers add column desk_url text;

grant update (state, reason, revision, ended_at) on hidden.label_versions to rostrum_scorer;
grant update (reference, alternatives, excluded) on hidden.test_references to rostrum_scorer;
grant select, insert on hidden.label_edits to rostrum_scorer;
grant select, insert, update on hidden.rescores to rostrum_scorer;
grant select on label_commitments to rostrum_web;
grant select, insert on label_commitments to rostrum_scorer;
-- The desk finds a session as every page does, and notes the visit.
grant update (last_seen_at) on sessions to rostrum_scorer;
-- A draft may be rescored anew, after further edits.
grant update on hidden.utterance_errors to rostrum_scorer;
