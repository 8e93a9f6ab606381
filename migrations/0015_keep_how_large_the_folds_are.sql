-- How many utterances, units and words each fold has, for organisers to see what their data can tell apart. Sizes say nothing of what
-- was said; the folds themselves stay hidden. Kept with every new label version.

create table fold_sizes (
  competition_id uuid not null references competitions,
  fold text not null check (fold in ('public', 'private')),
  utterances integer not null,
  units integer not null,
  -- Of the references as they were given, by spaces.
  words bigint not null,
  primary key (competition_id, fold)
);

insert into fold_sizes
select f.competition_id, f.fold, count(*), count(distinct f.unit),
  sum((select count(*) from regexp_matches(r.reference, '\S+', 'g')))
from hidden.folds f
join competitions c on c.id = f.competition_id
join hidden.test_references r
  on r.competition_id = f.competition_id and r.utterance_id = f.utterance_id and r.label_version = c.label_version
where not r.excluded
group by f.competition_id, f.fold;

grant select on fold_sizes to rostrum_web;
grant select, insert, update, delete on fold_sizes to rostrum_scorer;
