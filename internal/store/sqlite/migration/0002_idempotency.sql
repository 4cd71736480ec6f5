CREATE TABLE idempotency (
	tenant   TEXT    NOT NULL,
	key      TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	digest   BLOB    NOT NULL, -- SHA-256 of the batch
	outcomes TEXT    NOT NULL, -- JSON, one entry an item
	PRIMARY KEY (tenant, key)
) STRICT;

CREATE INDEX idempotency_by_time ON idempotency (at);
