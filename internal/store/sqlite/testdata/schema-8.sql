CREATE TABLE answer (
	number  INTEGER PRIMARY KEY, -- in the order of keeping
	tenant  TEXT    NOT NULL,
	request TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	body    BLOB    NOT NULL, pilot TEXT NOT NULL DEFAULT '',    -- match.Kept as JSON, deflated
	UNIQUE (tenant, request)
) STRICT;
CREATE TABLE dataset (
	name   TEXT    PRIMARY KEY,
	at     INTEGER NOT NULL,
	sha256 BLOB    NOT NULL, -- of the body
	info   TEXT    NOT NULL, -- JSON
	body   BLOB    NOT NULL
) STRICT;
CREATE TABLE event (
	seq     INTEGER PRIMARY KEY,
	tenant  TEXT    NOT NULL,
	id      TEXT    NOT NULL,
	request TEXT    NOT NULL, -- '' is none
	demand  TEXT    NOT NULL,
	patent  TEXT    NOT NULL,
	rank    INTEGER NOT NULL, -- 0 is unknown
	side    TEXT    NOT NULL,
	type    TEXT    NOT NULL,
	reason  TEXT    NOT NULL,
	rating  INTEGER NOT NULL, -- 0 is none
	note    TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	proof   TEXT    NOT NULL,
	UNIQUE (tenant, id)
) STRICT;
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
CREATE TABLE idempotency (
	tenant   TEXT    NOT NULL,
	key      TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	digest   BLOB    NOT NULL, -- SHA-256 of the batch
	outcomes TEXT    NOT NULL, -- JSON, one entry an item
	PRIMARY KEY (tenant, key)
) STRICT;
CREATE TABLE label (
	tenant          TEXT    NOT NULL,
	demand          TEXT    NOT NULL,
	patent          TEXT    NOT NULL,
	rater           TEXT    NOT NULL,
	source          TEXT    NOT NULL,
	level           INTEGER NOT NULL,
	at              INTEGER,          -- NULL is unknown
	reason          TEXT    NOT NULL,
	demand_revision INTEGER NOT NULL, -- 0 is unknown
	patent_revision INTEGER NOT NULL, relevance REAL NOT NULL DEFAULT 0, weight    REAL NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant, demand, patent, rater, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE model (
	id     TEXT    PRIMARY KEY,
	at     INTEGER NOT NULL,
	size   INTEGER NOT NULL,
	sha256 BLOB    NOT NULL, -- of the file
	info   TEXT    NOT NULL  -- JSON
) STRICT, WITHOUT ROWID;
CREATE TABLE model_part (
	model  TEXT    NOT NULL,
	number INTEGER NOT NULL,
	bytes  BLOB    NOT NULL,
	PRIMARY KEY (model, number)
) STRICT;
CREATE TABLE operation (
	id    TEXT    PRIMARY KEY,
	owner TEXT    NOT NULL,
	done  INTEGER NOT NULL,
	at    INTEGER NOT NULL,
	seen  INTEGER NOT NULL, -- when its owner was last heard of
	body  BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE rated (
	tenant TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	stars  INTEGER NOT NULL,
	count  INTEGER NOT NULL,
	PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE rating (
	tenant TEXT    NOT NULL,
	demand TEXT    NOT NULL,
	patent TEXT    NOT NULL,
	side   TEXT    NOT NULL, -- who gave it
	stars  INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	seq    INTEGER NOT NULL, -- of the event
	PRIMARY KEY (tenant, demand, patent, side)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE revision (
	seq        INTEGER PRIMARY KEY,
	rid        INTEGER NOT NULL REFERENCES record (rid),
	number     INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	visibility TEXT    NOT NULL,
	withdrawn  INTEGER NOT NULL,
	body       TEXT    NOT NULL     -- JSON of match.Patent or match.Demand
, packed BLOB) STRICT;
CREATE TABLE setting (
	name  TEXT    PRIMARY KEY,
	value TEXT    NOT NULL,
	seq   INTEGER NOT NULL -- of the change that made it so
) STRICT, WITHOUT ROWID;
CREATE TABLE setting_change (
	seq    INTEGER PRIMARY KEY,
	name   TEXT    NOT NULL,
	value  TEXT    NOT NULL, -- '' takes the setting away
	before TEXT    NOT NULL,
	action TEXT    NOT NULL,
	who    TEXT    NOT NULL,
	reason TEXT    NOT NULL,
	detail TEXT    NOT NULL, -- JSON, or ''
	at     INTEGER NOT NULL
) STRICT;
CREATE TABLE shadow (
	number  INTEGER PRIMARY KEY,
	pilot   TEXT    NOT NULL,
	request TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	body    TEXT    NOT NULL -- JSON
) STRICT;
CREATE TABLE tally (
	tenant TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	live   INTEGER NOT NULL,
	PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE watermark (
	follower TEXT    PRIMARY KEY,
	seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_pilot ON answer (pilot, number) WHERE pilot <> '';
CREATE INDEX answer_by_time ON answer (at);
CREATE INDEX event_by_demand  ON event (tenant, demand, seq);
CREATE INDEX event_by_patent  ON event (tenant, patent, seq);
CREATE INDEX event_by_request ON event (tenant, request, seq);
CREATE INDEX event_by_tenant  ON event (tenant, seq);
CREATE INDEX failure_by_follower ON failure (follower, tenant, kind, id);
CREATE INDEX failure_by_stage ON failure (follower, stage);
CREATE INDEX failure_due ON failure (follower, retry_at, tenant, kind, id);
CREATE INDEX idempotency_by_time ON idempotency (at);
CREATE INDEX operation_by_time ON operation (at, id);
CREATE UNIQUE INDEX record_by_seq ON record (kind, seq);
CREATE UNIQUE INDEX revision_by_number ON revision (rid, number);
CREATE INDEX setting_change_by_name ON setting_change (name, seq);
CREATE INDEX shadow_by_pilot ON shadow (pilot, number);
INSERT INTO answer VALUES (7, 'default', 'r1', 7000000, X'AB562A4A2D2C4D2D2E89CF4C51B2522A3254D2512A49CD4BCC2B01F25252D3124B734A946A01', '');
INSERT INTO dataset VALUES ('d', 9000000, X'039058C6F2C0CB492C533B0A4D14EF77CC0F78ABCCCED5287D84A1A2011CFB81', '{}', X'010203');
INSERT INTO event VALUES (1, 'default', 'e1', 'r1', 'D1', 'CN1', 1, 'demand', 'contact', '', 4, '好', 8000000, 'shown');
INSERT INTO failure VALUES ('default', 'patent', 'CN1', 'vectors/patents/m', 3, 'accepted', 'down', 2, 6000000);
INSERT INTO idempotency VALUES ('default', 'key', 1000000, X'00', '[]');
INSERT INTO label VALUES ('default', 'D1', 'CN1', 'a', 'expert', 4, 5000000, '合适', 1, 2, 0.0, 0.0);
INSERT INTO label VALUES ('default', 'D1', 'CN1', 'events', 'event', 3, 5000000, '', 0, 0, 0.5, 0.25);
INSERT INTO model VALUES ('tuned/a/1', 9000000, 3, X'039058C6F2C0CB492C533B0A4D14EF77CC0F78ABCCCED5287D84A1A2011CFB81', '{}');
INSERT INTO model_part VALUES ('tuned/a/1', 0, X'010203');
INSERT INTO operation VALUES ('o', 'p', 1, 9000000, 9000000, X'');
INSERT INTO rated VALUES ('default', 'patent', 'CN1', 4, 1);
INSERT INTO rating VALUES ('default', 'D1', 'CN1', 'demand', 4, 8000000, 1);
INSERT INTO record VALUES (1, 'default', 'patent', 'CN1', 3, 2, 0, X'5A49EDC6C0F24B6AED8197B37E158A2F7A7FF87AD45A6377B4869938F6362768', 1000000);
INSERT INTO record VALUES (2, 'default', 'demand', 'D1', 4, 2, 1, X'A396E1FD851EC6B188784CE30AF0FBEFB6FFCEC8A003640593BC0028508D57FC', 2000000);
INSERT INTO setting VALUES ('alias/national', 'tuned/a/1', 1);
INSERT INTO setting_change VALUES (1, 'alias/national', 'tuned/a/1', '', 'promote', '李四', '好', '', 9000000);
INSERT INTO shadow VALUES (1, 'p', 'r1', 9000000, '{}');
INSERT INTO tally VALUES ('default', 'demand', 0);
INSERT INTO tally VALUES ('default', 'patent', 1);
INSERT INTO watermark VALUES ('vectors/patents/m', 3);
INSERT INTO revision VALUES (1, 1, 1, 1000000, 'public', 0, '{"number":"CN1","title":"电池"}', NULL);
INSERT INTO revision VALUES (2, 2, 1, 2000000, 'public', 0, '{"id":"D1","title":"需要电池"}', NULL);
INSERT INTO revision VALUES (3, 1, 2, 3000000, 'public', 0, '', X'7B226E756D626572223A22434E31222C227469746C65223A22B5B0C535BC60227D');
INSERT INTO revision VALUES (4, 2, 2, 4000000, 'public', 1, '{"id":"D1","title":"需要电池"}', NULL);
PRAGMA user_version = 8;
