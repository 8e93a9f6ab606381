-- A backup without labels brings back everything but what files are scored against. Until the labels are given back, files for test
-- wait: scored against nothing they would come to nothing, and the board with them.

create or replace view scoring_queue as
  select id, state, attempt, lease_until, row_number() over (order by late, turn, sequence) as place, attempt_limit
  from (
    select s.*, row_number() over (partition by s.team_id, s.late order by s.sequence) as turn
    from submissions s join competitions c on c.id = s.competition_id
    where s.state in ('queued', 'scoring') and s.voided_at is null and (not s.late or c.reveals_at <= rostrum_now())
      and (s.split = 'dev' or exists (select from hidden.label_versions v where v.competition_id = c.id))
  ) waiting;
