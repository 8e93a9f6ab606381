-- A file that the platform could not score goes back into the queue at an organiser's word. Attempts fence the results of dead
-- workers, so they only ever grow: a retry raises what they may grow to. And workers tell how full the disk is that they write to.

alter table submissions add column attempt_limit integer not null default 3 check (attempt_limit >= 1);

create or replace view scoring_queue as
  select id, state, attempt, lease_until, row_number() over (order by late, turn, sequence) as place, attempt_limit
  from (
    select s.*, row_number() over (partition by s.team_id, s.late order by s.sequence) as turn
    from submissions s join competitions c on c.id = s.competition_id
    where s.state in ('queued', 'scoring') and s.voided_at is null and (not s.late or c.reveals_at <= rostrum_now())
  ) waiting;

-- The one change of state that is the web's: out of failure, and nowhere else.
create function requeue_failed_submission(which uuid, further_attempts integer) returns boolean
  language sql security definer set search_path = public, pg_temp as $body$
    with requeued as (
      update submissions
      set state = 'queued', failure = null, finished_at = null, attempt_limit = attempt + greatest(1, further_attempts)
      where id = which and state = 'failed' and voided_at is null
      returning id)
    select exists (select from requeued)
  $body$;
revoke all on function requeue_failed_submission from public;
grant execute on function requeue_failed_submission to rostrum_web;

create index submissions_failed on submissions (competition_id, finished_at desc) where state = 'failed';
create index submissions_by_arrival on submissions (competition_id, received_at);

alter table workers
  add column disk_free_bytes bigint check (disk_free_bytes >= 0),
  add column disk_bytes bigint check (disk_bytes >= 0);
