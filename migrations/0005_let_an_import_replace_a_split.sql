-- A dataset that nobody has been scored against may be imported again, corrected: by the owner, and by the worker for an organiser.
-- Only then does a label version lose its references; what guards it is recordDataset (lib/db/datasets.ts).

grant delete on hidden.test_references, hidden.folds to rostrum_scorer;
