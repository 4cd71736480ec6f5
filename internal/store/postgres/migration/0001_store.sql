-- Names are compared by their bytes ("C"), whatever the database's own order is.

-- One row. Its lock is the turn to write records: it is held to the end of the
-- transaction, so that the order of sequence numbers is the order of commits.
CREATE TABLE ledger (
	one    boolean PRIMARY KEY DEFAULT true CHECK (one),
	id     uuid    NOT NULL DEFAULT gen_random_uuid(), -- tells this store from any other
	schema integer NOT NULL, -- version of the schema
	seq    bigint  NOT NULL  -- of the newest write
);

-- A record's row is small and changes; its revisions are large and never do.
CREATE TABLE record (
	rid        bigint PRIMARY KEY,                  -- the seq of its first revision
	tenant     text   COLLATE "C" NOT NULL,
	kind       text   COLLATE "C" NOT NULL,
	id         text   COLLATE "C" NOT NULL,
	seq        bigint  NOT NULL,                     -- of the newest revision
	number     bigint  NOT NULL,                     -- of the newest revision
	withdrawn  boolean NOT NULL,
	hash       bytea   NOT NULL,                     -- SHA-256 of visibility and body
	created_at bigint  NOT NULL,                     -- microseconds since 1970, UTC, as all times here
	UNIQUE (tenant, kind, id)
);

CREATE UNIQUE INDEX record_by_seq ON record (kind, seq);

-- Rows are never changed or deleted. No foreign key: one statement writes both rows.
CREATE TABLE revision (
	seq        bigint  PRIMARY KEY,
	rid        bigint  NOT NULL,
	number     bigint  NOT NULL,
	updated_at bigint  NOT NULL,
	visibility text    NOT NULL,
	withdrawn  boolean NOT NULL,
	body       text    NOT NULL -- JSON of match.Patent or match.Demand, byte by byte as it was hashed: not jsonb
);

CREATE UNIQUE INDEX revision_by_number ON revision (rid, number);

-- Counting rows would read all of them.
CREATE TABLE tally (
	tenant text   COLLATE "C" NOT NULL,
	kind   text   COLLATE "C" NOT NULL,
	live   bigint NOT NULL,
	PRIMARY KEY (tenant, kind)
);

-- Clients choose keys: any bytes. A batch without a key has one here that was drawn
-- for it, without outcomes, which tells whether a commit that got no answer was made.
CREATE TABLE idempotency (
	tenant   bytea  NOT NULL,
	key      bytea  NOT NULL,
	at       bigint NOT NULL,
	digest   bytea  NOT NULL, -- SHA-256 of the batch
	outcomes text,            -- JSON, one entry an item
	PRIMARY KEY (tenant, key)
);

CREATE INDEX idempotency_by_time ON idempotency (at);

CREATE TABLE label (
	tenant          text     COLLATE "C" NOT NULL,
	demand          text     COLLATE "C" NOT NULL,
	patent          text     COLLATE "C" NOT NULL,
	rater           text     COLLATE "C" NOT NULL,
	source          text     COLLATE "C" NOT NULL,
	level           smallint NOT NULL,
	at              bigint,          -- NULL is unknown
	reason          text     NOT NULL,
	demand_revision bigint   NOT NULL, -- 0 is unknown
	patent_revision bigint   NOT NULL,
	PRIMARY KEY (tenant, demand, patent, rater, source)
);

CREATE TABLE watermark (
	follower text   COLLATE "C" PRIMARY KEY,
	seq      bigint NOT NULL
);

CREATE TABLE failure (
	tenant   text   COLLATE "C" NOT NULL,
	kind     text   COLLATE "C" NOT NULL,
	id       text   COLLATE "C" NOT NULL,
	follower text   COLLATE "C" NOT NULL,
	seq      bigint NOT NULL,
	stage    text   NOT NULL,
	reason   text   NOT NULL,
	attempts bigint NOT NULL,
	retry_at bigint,           -- NULL is never
	PRIMARY KEY (tenant, kind, id, follower)
);

CREATE INDEX failure_by_follower ON failure (follower, tenant, kind, id);
CREATE INDEX failure_by_time ON failure (follower, retry_at, tenant, kind, id);

INSERT INTO ledger (schema, seq) VALUES (0, 0);
