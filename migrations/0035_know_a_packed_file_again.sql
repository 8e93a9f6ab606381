-- The same file sent plain and packed was two files, and cost two attempts: only the bytes as sent were compared. What a packed file
-- unpacks to has its own digest now; a file that came as it is has none, since its sha256 says it. Files that came packed before this
-- have none either, and are known again by the bytes that were sent.

alter table submissions
  add column unpacked_sha256 bytea,
  add constraint unpacked_sha256_is_a_digest check (octet_length(unpacked_sha256) = 32) not valid;
alter table submissions validate constraint unpacked_sha256_is_a_digest;

drop index submissions_by_content;
create index submissions_by_content on submissions (team_id, split, (coalesce(unpacked_sha256, sha256)));
