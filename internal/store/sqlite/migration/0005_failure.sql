-- What is due, and how many there are of a stage, without reading the notes.
CREATE INDEX failure_due ON failure (follower, retry_at, tenant, kind, id);
CREATE INDEX failure_by_stage ON failure (follower, stage);
