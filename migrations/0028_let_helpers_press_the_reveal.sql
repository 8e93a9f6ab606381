-- Whether assistants and whoever holds a link to the stage may press the remote of the reveal, too.

alter table competitions add column reveal_by_helpers boolean not null default false;
