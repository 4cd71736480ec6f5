-- Versions of models. Rows are never changed or deleted.
CREATE TABLE model (
	id     text   COLLATE "C" PRIMARY KEY,
	at     bigint NOT NULL,
	size   bigint NOT NULL,
	sha256 bytea  NOT NULL, -- of the file
	info   text   NOT NULL  -- JSON
);

-- Their files, in parts of at most 1 MiB.
CREATE TABLE model_part (
	model  text   COLLATE "C" NOT NULL,
	number bigint NOT NULL,
	bytes  bytea  NOT NULL,
	PRIMARY KEY (model, number)
);

-- What is in production.
CREATE TABLE setting (
	name  text   COLLATE "C" PRIMARY KEY,
	value text   NOT NULL,
	seq   bigint NOT NULL -- of the change that made it so
);

-- Since when, by whom and why. Rows are never changed or deleted.
CREATE TABLE setting_change (
	seq    bigint PRIMARY KEY,
	name   text   COLLATE "C" NOT NULL,
	value  text   NOT NULL, -- '' takes the setting away
	before text   NOT NULL,
	action text   NOT NULL,
	who    text   NOT NULL,
	reason text   NOT NULL,
	detail text   NOT NULL, -- JSON, or ''
	at     bigint NOT NULL
);

CREATE INDEX setting_change_by_name ON setting_change (name, seq);

-- Frozen labelled pairs.
CREATE TABLE dataset (
	name   text   COLLATE "C" PRIMARY KEY,
	at     bigint NOT NULL,
	sha256 bytea  NOT NULL, -- of the body
	info   text   NOT NULL, -- JSON
	body   bytea  NOT NULL
);

CREATE TABLE operation (
	id    text    COLLATE "C" PRIMARY KEY,
	owner text    NOT NULL,
	done  boolean NOT NULL,
	at    bigint  NOT NULL,
	seen  bigint  NOT NULL, -- when its owner was last heard of
	body  bytea   NOT NULL
);

CREATE INDEX operation_by_time ON operation (at, id);

-- What challengers would have answered.
CREATE TABLE shadow (
	number  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	pilot   text   COLLATE "C" NOT NULL,
	request text   NOT NULL,
	at      bigint NOT NULL,
	body    text   NOT NULL -- JSON
);

CREATE INDEX shadow_by_pilot ON shadow (pilot, number);

ALTER TABLE answer ADD COLUMN pilot text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX answer_by_pilot ON answer (pilot, number) WHERE pilot <> '';
