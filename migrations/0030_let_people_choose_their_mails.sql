-- Mails say what they are about, so that people may refuse what they need not read, and stop being tried at some point. What the clock
-- brings about is mailed once, whoever sweeps: its row is written in the transaction of its mails. Adds columns and tables only.

alter table mails
  -- Whose account it was written to; null for addresses without one.
  add column user_id uuid references users,
  add column competition_id uuid references competitions,
  add column category text not null default 'account'
    check (category in ('account', 'decisions', 'receipts', 'phases', 'reminders', 'announcements', 'answers', 'results')),
  -- The Message-ID, the same at every try: a mail that was sent twice is shown once.
  add column message_key uuid not null default gen_random_uuid(),
  -- From when on it says nothing that is still true: it is not sent then.
  add column expires_at timestamptz,
  -- Given up: nothing tries it again by itself.
  add column failed_at timestamptz,
  add constraint sent_or_given_up check (sent_at is null or failed_at is null);
-- A body is what a mail says; the frame around it is put on at the moment of sending.
update mails set body_html = regexp_replace(regexp_replace(body_html, '^<!doctype html>.*?<body[^>]*>', ''), '</body></html>$', '')
  where sent_at is null;

drop index mails_to_send;
create index mails_to_send on mails (next_attempt_at) where sent_at is null and failed_at is null;
create index mails_unsent on mails (competition_id) where sent_at is null;
create index mails_by_sending on mails (sent_at);
create index mails_by_age on mails (created_at);
create index mails_unsent_of_user on mails (user_id) where sent_at is null;

create table mail_refusals (
  user_id uuid not null references users,
  category text not null check (category in ('receipts', 'phases', 'reminders', 'announcements', 'answers', 'results')),
  refused_at timestamptz not null default clock_timestamp(),
  primary key (user_id, category)
);
-- All that may be refused, of one competition.
create table mail_mutes (
  user_id uuid not null references users,
  competition_id uuid not null references competitions,
  primary key (user_id, competition_id)
);
-- `subject`: the competition, team, homework or extension that it happened to; `at`: the instant that was told.
create table mailed_events (
  subject uuid not null,
  kind text not null,
  at timestamptz not null,
  mailed_at timestamptz not null default rostrum_now(),
  primary key (subject, kind)
);
-- Up to which event of the log the moved dates of a competition have been told.
create table told_moves (
  competition_id uuid primary key references competitions,
  through bigint not null
);

grant select, insert, delete on mail_refusals, mail_mutes to rostrum_web;
grant select, insert on mailed_events to rostrum_web;
grant select, insert, update on told_moves to rostrum_web;
-- Its reminders go to nobody who refused them.
grant select on mail_refusals, mail_mutes to rostrum_scorer;
