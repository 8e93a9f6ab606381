-- 0032_let_workers_tell_what_they_count.sql: a worker has no address that anybody could ask for its figures, so its heartbeat brings
-- them and the web tells them at /metrics. Adds a column only; an older worker leaves it empty.

alter table workers add column figures jsonb;
