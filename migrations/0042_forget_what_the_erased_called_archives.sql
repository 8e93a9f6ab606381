-- An import that came in through the browser is called by the name of the file that somebody had on their machine: "archive of Anna.zip". It is
-- forgotten with the person, as the names of their other files are.

create or replace function forget_files_of_erased() returns void
  language sql security definer set search_path = public, pg_temp as $$
  update submissions set note = '', file_name = '', code_link = null, idempotency_key = null
    where author_id in (select id from users where erased_at is not null)
      and (note <> '' or file_name <> '' or code_link is not null or idempotency_key is not null);
  update label_flags set note = '—'
    where flagged_by in (select id from users where erased_at is not null) and note <> '—';
  update imports set path = 'archive.zip'
    where requested_by in (select id from users where erased_at is not null)
      and upload_id is not null and path <> 'archive.zip';
$$;
