-- 0041_open_the_desk_on_request.sql: whoever breaks into the web can write the session of an organiser and ask the desk for labels. Where
-- the worker is told so, the desk answers only what somebody opened who has the owner's right: no row that the web can write opens it.
create table hidden.desk_openings (
  competition_id uuid primary key references competitions,
  opened_at timestamptz not null,
  -- Null: until it is closed.
  closes_at timestamptz,
  check (closes_at > opened_at)
);

grant select on hidden.desk_openings to rostrum_scorer;
