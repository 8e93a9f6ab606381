-- An organiser chooses how a baseline run decodes, and sees on which rungs of the runtime ladder each worker can compute. Adds one
-- column to baseline_runs and one to workers; both tables have the rights that this needs.

alter table baseline_runs
  -- As asked for; from when the run begins, as it is done: a model without a language model decodes greedily.
  add column decoding text not null default 'language-model' check (decoding in ('greedy', 'language-model'));

alter table workers
  -- What the worker found when it started; null until it has looked.
  add column runtime jsonb;
