-- A worker that stops gives back what it cannot finish, and that is no failed attempt; of submissions it has been so since 0021.

alter table imports add column attempt_limit integer not null default 3;
alter table baseline_runs add column attempt_limit integer not null default 3;
alter table hidden.rescores add column attempt_limit integer not null default 3;
alter table hidden.label_audits add column attempt_limit integer not null default 3;
alter table hidden.team_comparisons add column attempt_limit integer not null default 3;
