-- Before a file is read, what it has to name is known: kept in memory, as long as the list has not changed. To find that out every
-- upload summed the whole list; now whoever changes the list changes its revision, and that is looked up.

create table utterance_lists (
  competition_id uuid not null references competitions on delete cascade,
  split text not null check (split in ('train', 'dev', 'test')),
  revision uuid not null default gen_random_uuid(),
  primary key (competition_id, split)
);

insert into utterance_lists (competition_id, split)
select distinct competition_id, split from utterances;

-- As the owner, whoever changes a list; a competition that is going takes its lists along.
create function note_changed_lists() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into utterance_lists (competition_id, split)
  select distinct u.competition_id, u.split from changed u join competitions c on c.id = u.competition_id
  on conflict (competition_id, split) do update set revision = excluded.revision;
  return null;
end $$;
revoke all on function note_changed_lists() from public;

create trigger lists_grow after insert on utterances
  referencing new table as changed for each statement execute function note_changed_lists();
create trigger lists_change after update on utterances
  referencing new table as changed for each statement execute function note_changed_lists();
create trigger lists_shrink after delete on utterances
  referencing old table as changed for each statement execute function note_changed_lists();

grant select on utterance_lists to rostrum_web, rostrum_scorer;
