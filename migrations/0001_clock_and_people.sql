-- The installation's clock, accounts, sessions, mail and the event log.
-- Accounts exist only once an address is proven: an unfinished sign-up lives in mail_links, so nobody can take an address in advance.
-- Sessions, links, tokens, mails and limits run on the true clock: moving the clock of rules must not sign people out.
-- Roles rostrum_web and rostrum_scorer are made by the migrator before this file; they own nothing and get table by table what they need.

revoke all on schema public from public;
grant usage on schema public to rostrum_web, rostrum_scorer;

create table installation (
  only_row boolean primary key default true check (only_row),
  mode text not null default 'demo' check (mode in ('demo', 'production')),
  -- Moves the clock of all rules, for tests and rehearsals. Production keeps the true time.
  clock_offset interval not null default '0' check (mode = 'demo' or clock_offset = '0'),
  created_at timestamptz not null default clock_timestamp()
);
insert into installation default values;

-- The one clock that rules read. clock_timestamp, not now(): a transaction that waited for a lock must see the time after the wait.
create function rostrum_now() returns timestamptz
  language sql volatile security definer set search_path = public, pg_temp
  as $$ select clock_timestamp() + (select clock_offset from installation) $$;

create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null check (char_length(email) between 3 and 254),
  -- The address as compared: NFKC, lower case.
  email_key text not null unique,
  name text not null check (char_length(name) between 1 and 100),
  -- Argon2id in PHC form; null for people who sign in by mail or by their university only.
  password_hash text,
  language text not null default 'ru' check (language in ('ru', 'en')),
  is_administrator boolean not null default false,
  -- Demo accounts sign in from the loopback address only.
  is_demo boolean not null default false,
  created_at timestamptz not null default rostrum_now()
);

create table identities (
  provider text not null,
  subject text not null,
  user_id uuid not null references users,
  created_at timestamptz not null default rostrum_now(),
  primary key (provider, subject)
);
create index identities_of_user on identities (user_id);

create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  user_agent text not null default '',
  -- IPv4 address, or the /64 network of an IPv6 one.
  address text not null default ''
);
create index sessions_of_user on sessions (user_id) where revoked_at is null;

-- Links sent by mail. Only the SHA-256 of a token is kept: a copy of this table opens nothing. Name and password are asked for
-- behind the link, so that whoever typed the address in chooses neither.
create table mail_links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  purpose text not null check (purpose in ('sign-up', 'sign-in', 'password', 'first-administrator')),
  email text not null,
  user_id uuid references users,
  language text not null default 'ru' check (language in ('ru', 'en')),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint link_belongs_to_account check ((user_id is null) = (purpose in ('sign-up', 'first-administrator')))
);

create table api_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users,
  name text not null check (char_length(name) between 1 and 60),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  scopes text[] not null default '{read,submit}',
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_of_user on api_tokens (user_id) where revoked_at is null;

-- Mails are rows first: a dead mail server loses nothing, and without one they are read in the local outbox.
create table mails (
  id bigint generated always as identity primary key,
  recipient text not null,
  language text not null check (language in ('ru', 'en')),
  subject text not null,
  body_text text not null,
  body_html text not null,
  created_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  last_error text
);
create index mails_to_send on mails (next_attempt_at) where sent_at is null;

-- Counters of guarded acts (sign-in failures, invalid uploads …). A window begins with the first act and ends for all of them.
create table rate_limits (
  key text primary key,
  window_start timestamptz not null,
  count integer not null
);

-- What happened, in order, for good. Actors are ids, never names, so that a person can be erased and the log stays.
create table events (
  id bigint generated always as identity primary key,
  at timestamptz not null default rostrum_now(),
  actor_id uuid,
  competition_id uuid,
  kind text not null check (kind ~ '^[a-z]+(-[a-z]+)*$'),
  subject text not null default '',
  reason text not null default '',
  details jsonb not null default '{}'
);
create index events_of_competition on events (competition_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger events_are_final before update or delete or truncate on events
  for each statement execute function refuse_change();

grant select on installation to rostrum_web, rostrum_scorer;
grant select, insert, update on users, identities, sessions, mail_links, api_tokens, mails to rostrum_web;
grant delete on identities, mail_links to rostrum_web;
grant select, insert, update, delete on rate_limits to rostrum_web;
grant select, insert on events to rostrum_web, rostrum_scorer;
grant select on sessions, users to rostrum_scorer;
