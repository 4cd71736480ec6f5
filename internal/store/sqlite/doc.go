// Package sqlite keeps records in one SQLite file, for a Duijie that runs on one
// machine. The driver is pure Go.
//
// A data folder holds
//
//	records.db      the database, in WAL mode (records.db-wal and -shm beside it)
//	records.lock    held by the process that has the folder open
//
// and inside the database
//
//	record      one row a record: which revision is the newest, and its hash
//	revision    one row a write, under its sequence number, with the body as JSON
//	tally       how many records of a tenant and kind are live
//	idempotency what became of batches that carried a key
//	label, watermark, failure
//
// One connection writes and a few others read. SQLite's write transactions follow
// one another, so sequence numbers become visible in their order. A commit returns
// after fsync (synchronous=FULL).
//
// Callers rely on this: one process at a time has a folder open; a file that a
// newer Duijie wrote is refused, not guessed at; and a body is compared by the
// SHA-256 of its JSON, so a write with equal content costs no space.
package sqlite
