-- Slides lay in the object store for good, also once a team had replaced them or the person was erased. Which of them nobody has any more stands
-- here until a worker has removed the object; an hour, so that whoever is downloading it comes to an end.

create table dropped_slides (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  dropped_at timestamptz not null default clock_timestamp()
);

grant select, insert, delete, update (dropped_at) on dropped_slides to rostrum_web, rostrum_scorer;
