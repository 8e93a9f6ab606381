-- The event of a board looked at every snapshot before it, for the one that it follows.

create or replace function log_board() returns trigger
  language plpgsql security definer set search_path = public, hidden, pg_temp as $$
declare
  before bigint;
  inputs text;
begin
  select coalesce(inputs_through, 0) into before from board_snapshots
    where competition_id = new.competition_id and version < new.version order by version desc limit 1;
  select coalesce(string_agg(netstring(id::text) || netstring(kind) || netstring(subject::text)
      || netstring((body - 'counts')::text), '' order by id), '')
    into inputs from hidden.board_inputs
    where competition_id = new.competition_id and id > coalesce(before, 0) and id <= new.inputs_through;
  insert into events (at, competition_id, kind, subject, details) values (
    rostrum_now(), new.competition_id, 'board-drawn', new.competition_id::text, jsonb_build_object(
      'version', new.version, 'sha256', encode(sha256(convert_to(new.body, 'UTF8')), 'hex'),
      'inputsThrough', new.inputs_through, 'inputsSha256', encode(sha256(convert_to(inputs, 'UTF8')), 'hex')));
  return null;
end $$;
