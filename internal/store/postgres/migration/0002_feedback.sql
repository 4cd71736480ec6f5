-- What a derived label was made of; 0 for a person's.
ALTER TABLE label ADD COLUMN relevance double precision NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN weight    double precision NOT NULL DEFAULT 0;

-- Answers that can be given again. Old ones are deleted.
CREATE TABLE answer (
	number  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order of keeping, nearly
	tenant  text   COLLATE "C" NOT NULL,
	request text   COLLATE "C" NOT NULL,
	at      bigint NOT NULL,
	body    bytea  NOT NULL, -- match.Kept as JSON, deflated
	UNIQUE (tenant, request)
);

CREATE INDEX answer_by_time ON answer (at);

-- What the parties did. Rows are never changed or deleted. Writers take turns by a lock
-- of their own, so that the order of numbers is the order of commits.
CREATE TABLE event (
	seq     bigint PRIMARY KEY,
	tenant  text   COLLATE "C" NOT NULL,
	id      text   COLLATE "C" NOT NULL,
	request text   COLLATE "C" NOT NULL, -- '' is none
	demand  text   COLLATE "C" NOT NULL,
	patent  text   COLLATE "C" NOT NULL,
	rank    bigint NOT NULL, -- 0 is unknown
	side    text   NOT NULL,
	type    text   NOT NULL,
	reason  text   NOT NULL,
	rating  bigint NOT NULL, -- 0 is none
	note    text   NOT NULL,
	at      bigint NOT NULL,
	proof   text   NOT NULL,
	UNIQUE (tenant, id)
);

CREATE INDEX event_by_tenant  ON event (tenant, seq);
CREATE INDEX event_by_request ON event (tenant, request, seq);
CREATE INDEX event_by_demand  ON event (tenant, demand, seq);
CREATE INDEX event_by_patent  ON event (tenant, patent, seq);

-- The newest rating that each side of a pair gave the other one.
CREATE TABLE rating (
	tenant text   COLLATE "C" NOT NULL,
	demand text   COLLATE "C" NOT NULL,
	patent text   COLLATE "C" NOT NULL,
	side   text   COLLATE "C" NOT NULL, -- who gave it
	stars  bigint NOT NULL,
	at     bigint NOT NULL,
	seq    bigint NOT NULL, -- of the event
	PRIMARY KEY (tenant, demand, patent, side)
);

-- Their sum for each record that was rated.
CREATE TABLE rated (
	tenant text   COLLATE "C" NOT NULL,
	kind   text   COLLATE "C" NOT NULL,
	id     text   COLLATE "C" NOT NULL,
	stars  bigint NOT NULL,
	count  bigint NOT NULL,
	PRIMARY KEY (tenant, kind, id)
);
