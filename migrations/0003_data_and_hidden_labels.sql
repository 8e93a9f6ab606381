-- Recordings and their references. References of train and dev are open and stand here; those of test, the folds and everything
-- counted against them stand in schema hidden, where the web's role may insert and never read.

create schema hidden;
grant usage on schema hidden to rostrum_web, rostrum_scorer;

create table utterances (
  competition_id uuid not null references competitions,
  id text not null check (char_length(id) between 1 and 255),
  split text not null check (split in ('train', 'dev', 'test')),
  -- Order within the split: that of the manifest.
  position integer not null check (position >= 0),
  seconds double precision check (seconds > 0),
  bytes bigint not null check (bytes > 0),
  sha256 bytea not null check (octet_length(sha256) = 32),
  file_name text not null,
  media_type text not null,
  reference text,
  alternatives text[] not null default '{}',
  speaker text,
  slices jsonb not null default '{}',
  primary key (competition_id, id),
  unique (competition_id, split, position),
  constraint test_references_are_hidden check (
    case when split = 'test' then reference is null and alternatives = '{}' and speaker is null and slices = '{}'
    else reference is not null end)
);

create table archives (
  competition_id uuid not null references competitions,
  split text not null check (split in ('train', 'dev', 'test')),
  sha256 bytea not null check (octet_length(sha256) = 32),
  bytes bigint not null,
  built_at timestamptz not null default rostrum_now(),
  primary key (competition_id, split)
);

-- An import asked for on the organiser's page: the worker does it, the page watches.
create table imports (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  requested_by uuid references users,
  path text not null,
  options jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  -- Real time: whoever works on it renews this, and another takes over where it has passed.
  lease_until timestamptz,
  done integer not null default 0,
  total integer,
  -- Problems are shown to the organiser through the web, so they name ids and lines, never a hidden text.
  problems jsonb not null default '[]',
  failure text,
  created_at timestamptz not null default rostrum_now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index imports_of_competition on imports (competition_id, created_at);

create table hidden.salts (
  competition_id uuid primary key references competitions,
  salt bytea not null check (octet_length(salt) = 32)
);

create table hidden.label_versions (
  competition_id uuid not null references competitions,
  version integer not null check (version >= 1),
  reason text not null default '',
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),
  primary key (competition_id, version)
);

create table hidden.test_references (
  competition_id uuid not null,
  label_version integer not null,
  utterance_id text not null,
  reference text not null,
  alternatives text[] not null default '{}',
  speaker text,
  slices jsonb not null default '{}',
  primary key (competition_id, label_version, utterance_id),
  foreign key (competition_id, label_version) references hidden.label_versions,
  foreign key (competition_id, utterance_id) references utterances
);

create table hidden.folds (
  competition_id uuid not null,
  utterance_id text not null,
  fold text not null check (fold in ('public', 'private')),
  unit text not null,
  primary key (competition_id, utterance_id),
  foreign key (competition_id, utterance_id) references utterances
);

grant select on utterances, archives to rostrum_web;
grant select, insert, update, delete on utterances, archives to rostrum_scorer;
grant select, insert on imports to rostrum_web;
grant select, update on imports to rostrum_scorer;
grant insert on hidden.salts, hidden.label_versions, hidden.test_references, hidden.folds to rostrum_web;
grant select, insert on hidden.salts, hidden.label_versions, hidden.test_references, hidden.folds to rostrum_scorer;
