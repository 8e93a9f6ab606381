-- Paired comparisons need what went wrong where: the errors of a submission in every utterance of test, in the order of the split. The
-- ladder (a board policy) and the classes of tied places are computed from them; totals per fold stay in hidden.counts. Beside them
-- what the ladder answers, which a team may see, and the improvement that it asks for, which everybody may.
-- Scores from before come without: the worker scores those files again, under the same rules.

create table hidden.utterance_errors (
  submission_id uuid not null references submissions,
  label_version integer not null,
  scorer_version text not null,
  -- S + D + I, and the words of the wording that counts.
  errors integer[] not null,
  reference_words integer[] not null,
  primary key (submission_id, label_version, scorer_version),
  constraint one_entry_per_utterance check (cardinality(errors) = cardinality(reference_words))
);

-- Null where every score is shown, as under the policy "open".
alter table published_scores add column verdict text check (verdict in ('improvement', 'no-improvement', 'waiting'));

-- In tenths of a percent point; made from the baseline's score.
create table ladder_thresholds (
  competition_id uuid primary key references competitions,
  permille integer not null check (permille >= 1)
);

grant select, insert on hidden.utterance_errors to rostrum_scorer;
grant select on ladder_thresholds to rostrum_web;
grant select, insert, update, delete on ladder_thresholds to rostrum_scorer;
