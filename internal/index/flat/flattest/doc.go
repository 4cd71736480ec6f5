// Package flattest is a disk in memory that fails as real ones do: it loses power
// and with it everything that was not synced, runs full in the middle of a write,
// or fails an fsync.
//
// Callers rely on this: what a power loss leaves of unsynced writes is drawn by
// sectors, in no order, as a drive's cache may write them; what was synced, and
// names in directories that were synced, is always left.
package flattest
