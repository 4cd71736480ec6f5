// Package postgres keeps records in a PostgreSQL database, version 13 or newer, for
// several processes of Duijie that serve one catalog. The tables are those of package
// sqlite, in the schema that the connection's search_path names first, and beside them
//
//	ledger   one row: the schema's version and the newest sequence number
//
// A write of records takes two round trips, whatever its size:
//
//	BEGIN, lock the ledger's row, what is stored of the batch ─►
//	the batch is decided on here
//	revisions, records, counts, ledger, COMMIT ─►
//
// The row's lock is held until the commit is visible, so writers take turns, sequence
// numbers become visible in their order, and a reader who has seen a number never sees
// a smaller one appear, whichever process wrote it.
//
// A commit returns when it is in the server's write-ahead log on disk: sessions with
// synchronous_commit=off are set to on; what else the server does with that setting,
// and whether its fsync is on, is the operator's. A pooler between must be one of
// sessions, not of transactions.
//
// Where the connection is lost, calls are repeated for a few seconds. A commit that
// got no answer is looked up before: each batch leaves its idempotency key, or one
// that was drawn for it, in the same transaction. Only if the server cannot be asked
// in time does Put fail without knowing; the error, of kind match.Unavailable, says so,
// and a repetition with the same idempotency key is safe.
//
// Callers rely on this: a database that a newer Duijie brought forward is refused, by
// Open and by each later write; two processes that open an empty one at once make its
// tables once.
package postgres
