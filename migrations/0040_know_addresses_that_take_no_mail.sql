-- A mailbox that is gone was written to again and again, and nobody who could mend it was told. Since when an address takes no mail, and
-- what its server said of it. Both are emptied when somebody opens a link that was mailed there: that is proof of the contrary.

alter table users
  add column undeliverable_since timestamptz,
  add column undeliverable_reason text,
  add constraint undeliverable_has_a_reason check ((undeliverable_since is null) = (undeliverable_reason is null)) not valid;
alter table users validate constraint undeliverable_has_a_reason;

create index users_undeliverable on users (undeliverable_since) where undeliverable_since is not null;
