-- A competition may bring spellings of its own that count as the same ("ok" for "okay"): a mapping applied with its profile. Every
-- score says by which rules it was made, the mapping included: the hash of both stands beside the profile's name.
-- Columns come empty, which is what they mean for the competitions and scores that are there: no mapping, and a score from before.
-- The grants on these tables are of whole tables and cover the new columns; a worker reads the mapping and cannot change it.

alter table competitions add column mapping jsonb check (jsonb_typeof(mapping) = 'array');
alter table hidden.counts add column profile_hash text check (char_length(profile_hash) between 1 and 100);
alter table published_scores add column profile_hash text check (char_length(profile_hash) between 1 and 100);
