-- Versions of models. Rows are never changed or deleted.
CREATE TABLE model (
	id     TEXT    PRIMARY KEY,
	at     INTEGER NOT NULL,
	size   INTEGER NOT NULL,
	sha256 BLOB    NOT NULL, -- of the file
	info   TEXT    NOT NULL  -- JSON
) STRICT, WITHOUT ROWID;

-- Their files, in parts of at most 1 MiB.
CREATE TABLE model_part (
	model  TEXT    NOT NULL,
	number INTEGER NOT NULL,
	bytes  BLOB    NOT NULL,
	PRIMARY KEY (model, number)
) STRICT;

-- What is in production.
CREATE TABLE setting (
	name  TEXT    PRIMARY KEY,
	value TEXT    NOT NULL,
	seq   INTEGER NOT NULL -- of the change that made it so
) STRICT, WITHOUT ROWID;

-- Since when, by whom and why. Rows are never changed or deleted.
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

CREATE INDEX setting_change_by_name ON setting_change (name, seq);

-- Frozen labelled pairs.
CREATE TABLE dataset (
	name   TEXT    PRIMARY KEY,
	at     INTEGER NOT NULL,
	sha256 BLOB    NOT NULL, -- of the body
	info   TEXT    NOT NULL, -- JSON
	body   BLOB    NOT NULL
) STRICT;

CREATE TABLE operation (
	id    TEXT    PRIMARY KEY,
	owner TEXT    NOT NULL,
	done  INTEGER NOT NULL,
	at    INTEGER NOT NULL,
	seen  INTEGER NOT NULL, -- when its owner was last heard of
	body  BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX operation_by_time ON operation (at, id);

-- What challengers would have answered.
CREATE TABLE shadow (
	number  INTEGER PRIMARY KEY,
	pilot   TEXT    NOT NULL,
	request TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	body    TEXT    NOT NULL -- JSON
) STRICT;

CREATE INDEX shadow_by_pilot ON shadow (pilot, number);

ALTER TABLE answer ADD COLUMN pilot TEXT NOT NULL DEFAULT '';
CREATE INDEX answer_by_pilot ON answer (pilot, number) WHERE pilot <> '';
