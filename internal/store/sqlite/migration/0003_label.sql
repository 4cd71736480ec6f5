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
	patent_revision INTEGER NOT NULL,
	PRIMARY KEY (tenant, demand, patent, rater, source)
) STRICT, WITHOUT ROWID;
