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
//	revision    one row a write, under its sequence number, with the body as JSON, packed (pack.go)
//	tally       how many records of a tenant and kind are live
//	idempotency what became of batches that carried a key
//	label, watermark, failure
//	answer      what was answered, for some time
//	event       what the parties did; rating and rated, what they gave each other
//	model       versions of models, their files in model_part
//	setting     what is in production; setting_change, since when, by whom and why
//	dataset     frozen labelled pairs
//	operation, shadow
//
// One connection writes and a few others read. SQLite's write transactions follow
// one another, so sequence numbers become visible in their order.
//
// What survives a crash rests on SQLite in WAL mode with synchronous=FULL: a commit
// returns after the fsync of the WAL, whose frames carry checksums, so that a torn
// tail is cut off at the next open and a commit that returned is there. The tests
// kill processes; they do not take unsynced writes away from SQLite, whose own
// tests do (https://www.sqlite.org/testing.html, "Crash Testing").
//
// Others may read beside the owner (OpenReadOnly) and copy (CopyTo); a reader may
// leave an empty records.db-wal behind.
//
// Callers rely on this: one process at a time has a folder open; a file that a
// newer Duijie wrote is refused, not guessed at; and a body is compared by the
// SHA-256 of its JSON, so a write with equal content costs no space.
package sqlite
