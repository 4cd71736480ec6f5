-- A record's row is small and changes; its revisions are large and never do.
CREATE TABLE record (
	rid        INTEGER PRIMARY KEY, -- the seq of its first revision
	tenant     TEXT    NOT NULL,
	kind       TEXT    NOT NULL,
	id         TEXT    NOT NULL,
	seq        INTEGER NOT NULL,    -- of the newest revision
	number     INTEGER NOT NULL,    -- of the newest revision
	withdrawn  INTEGER NOT NULL,
	hash       BLOB    NOT NULL,    -- SHA-256 of visibility and body
	created_at INTEGER NOT NULL,    -- microseconds since 1970, UTC, as all times here
	UNIQUE (tenant, kind, id)
) STRICT;

CREATE UNIQUE INDEX record_by_seq ON record (kind, seq);

-- Rows are never deleted: the next seq is the largest plus one.
CREATE TABLE revision (
	seq        INTEGER PRIMARY KEY,
	rid        INTEGER NOT NULL REFERENCES record (rid),
	number     INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	visibility TEXT    NOT NULL,
	withdrawn  INTEGER NOT NULL,
	body       TEXT    NOT NULL     -- JSON of match.Patent or match.Demand
) STRICT;

CREATE UNIQUE INDEX revision_by_number ON revision (rid, number);

-- Counting rows would read all of them.
CREATE TABLE tally (
	tenant TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	live   INTEGER NOT NULL,
	PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;
