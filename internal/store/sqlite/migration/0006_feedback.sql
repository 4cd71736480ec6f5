-- What a derived label was made of; 0 for a person's.
ALTER TABLE label ADD COLUMN relevance REAL NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN weight    REAL NOT NULL DEFAULT 0;

-- Answers that can be given again. Old ones are deleted.
CREATE TABLE answer (
	number  INTEGER PRIMARY KEY, -- in the order of keeping
	tenant  TEXT    NOT NULL,
	request TEXT    NOT NULL,
	at      INTEGER NOT NULL,
	body    BLOB    NOT NULL,    -- match.Kept as JSON, deflated
	UNIQUE (tenant, request)
) STRICT;

CREATE INDEX answer_by_time ON answer (at);

-- What the parties did. Rows are never changed or deleted.
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

CREATE INDEX event_by_tenant  ON event (tenant, seq);
CREATE INDEX event_by_request ON event (tenant, request, seq);
CREATE INDEX event_by_demand  ON event (tenant, demand, seq);
CREATE INDEX event_by_patent  ON event (tenant, patent, seq);

-- The newest rating that each side of a pair gave the other one.
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

-- Their sum for each record that was rated.
CREATE TABLE rated (
	tenant TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	stars  INTEGER NOT NULL,
	count  INTEGER NOT NULL,
	PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;
