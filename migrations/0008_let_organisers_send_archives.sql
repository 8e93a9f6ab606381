-- An organiser sends an archive of recordings from the browser, part by part; when it is whole, it is imported by the same job as a
-- folder on the server. What the import has to say beside its problems is kept with it. Adds one table and two columns: `upload_id`
-- is null for imports from the server's folder, and `report` for those from before.

create table archive_uploads (
  id uuid primary key default gen_random_uuid(),
  competition_id uuid not null references competitions,
  requested_by uuid not null references users,
  file_name text not null check (char_length(file_name) between 1 and 255),
  bytes bigint not null check (bytes > 0),
  -- The parts come in order; counted when they are on the disk.
  received bigint not null default 0 check (received between 0 and bytes),
  -- Real time: given up when nothing has come for hours.
  touched_at timestamptz not null default clock_timestamp()
);
create index archive_uploads_of_competition on archive_uploads (competition_id);

-- No reference: the upload goes when its import is over, and the import stays.
alter table imports add column upload_id uuid;
-- Sizes, warnings, and what was here already. Names ids and lines, as the problems do, never a hidden text.
alter table imports add column report jsonb check (jsonb_typeof(report) = 'object');

grant select, insert, update, delete on archive_uploads to rostrum_web;
grant select, delete on archive_uploads to rostrum_scorer;
