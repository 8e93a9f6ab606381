-- What somebody wrote beside their files is forgotten when they are erased. The web could have changed that of anybody; now it asks for a
-- function that touches nobody else's.

revoke update (note, file_name, code_link, idempotency_key) on submissions from rostrum_web;
revoke update (note) on label_flags from rostrum_web;

create function forget_files_of_erased() returns void
  language sql security definer set search_path = public, pg_temp as $$
  update submissions set note = '', file_name = '', code_link = null, idempotency_key = null
    where author_id in (select id from users where erased_at is not null)
      and (note <> '' or file_name <> '' or code_link is not null or idempotency_key is not null);
  update label_flags set note = '—'
    where flagged_by in (select id from users where erased_at is not null) and note <> '—';
$$;
revoke all on function forget_files_of_erased from public;
grant execute on function forget_files_of_erased to rostrum_web;
