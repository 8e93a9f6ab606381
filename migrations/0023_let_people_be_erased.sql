-- A person may be erased: the row of the account stays, so that teams, files and the log that refer to it do, and names nobody. Adds only.

alter table users add column erased_at timestamptz;

-- By the person on their account page. What is left of mails to others and of their own files is written over.
grant delete on sessions, api_tokens, mails to rostrum_web;
grant update (note, file_name, code_link, idempotency_key) on submissions to rostrum_web;
grant update (note) on label_flags to rostrum_web;
