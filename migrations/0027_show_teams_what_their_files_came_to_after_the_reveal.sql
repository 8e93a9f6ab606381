-- When everything is revealed a team sees what each of its files came to on both folds, those that it hands in for practice, too. Under the
-- labels in force, by the newest scorer.

create view revealed_counts with (security_barrier) as
  select distinct on (n.submission_id, n.fold) n.submission_id, n.fold, n.hits, n.substitutions, n.deletions, n.insertions,
    n.standard_error
  from hidden.counts n
  join submissions s on s.id = n.submission_id
  join competitions c on c.id = s.competition_id
  where is_revealed(c) and n.label_version = c.label_version
  order by n.submission_id, n.fold, n.scored_at desc, n.scorer_version desc;
grant select on revealed_counts to rostrum_web;
