CREATE TABLE watermark (
	follower TEXT    PRIMARY KEY,
	seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE failure (
	tenant   TEXT    NOT NULL,
	kind     TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	follower TEXT    NOT NULL,
	seq      INTEGER NOT NULL,
	stage    TEXT    NOT NULL,
	reason   TEXT    NOT NULL,
	attempts INTEGER NOT NULL,
	retry_at INTEGER,           -- NULL is never
	PRIMARY KEY (tenant, kind, id, follower)
) STRICT, WITHOUT ROWID;

CREATE INDEX failure_by_follower ON failure (follower, tenant, kind, id);
