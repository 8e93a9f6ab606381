-- Rows that say what was mailed, and that all was well with the log, were kept for good. lib/retention.ts says for how long they are now; the
-- web forgets them.

-- Whoever deletes locks the rows first, which takes the right to update something of them.
grant delete, update (mailed_at) on mailed_events to rostrum_web;
grant select, delete, update (sent_at) on team_reminders to rostrum_web;

-- Checks are evidence, so nobody may delete any. Of those that are older than asked, and a day at least, go such as stand between two of the same
-- chain that came to the same: what stays is the first and the last of every time that all was well, and of every fault.
create function forget_log_checks(before timestamptz) returns integer
  language sql security definer set search_path = public, pg_temp as $$
  with told as (
    select chain, checked_at, coalesce(problem, '') as found,
      lag(coalesce(problem, '')) over checks as found_before, lead(coalesce(problem, '')) over checks as found_after
    from log_checks window checks as (partition by chain order by checked_at)
  ), gone as (
    delete from log_checks c using told t
    where c.chain = t.chain and c.checked_at = t.checked_at and t.found = t.found_before and t.found = t.found_after
      and c.checked_at < least(forget_log_checks.before, clock_timestamp() - interval '1 day')
    returning 1
  )
  select count(*)::integer from gone $$;
revoke all on function forget_log_checks from public;
grant execute on function forget_log_checks to rostrum_web;
