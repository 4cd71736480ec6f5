// Package catalog keeps what can be searched in step with what is stored.
//
// A write goes to the store and is acknowledged when it is on disk. A follower for
// each kind of record then reads the store's changes in their order, embeds them
// and brings vectors and words up to date:
//
//	Write ─► store (fsync) ─► acknowledged
//	           │ Changes(after)
//	           ▼
//	        follower ─┬─► words ─► flush, with their mark
//	                  └─► embed ─► vectors ─► flush ─► watermark
//	                        │         │
//	                        └─────────┴─► failure noted, tried again
//
// Words and vectors are made side by side, and the next changes are read meanwhile.
//
// The watermark says up to where vectors are safe on disk; the mark of the words, which
// is kept in their own files, says the same of them. After a crash the follower goes on
// from there; doing a change twice is harmless. Words that are in memory alone have the
// mark 0 and are all read again. When vectors or words are fewer than the records that
// they should belong to, or a mark is ahead of the writes, all are made again. What
// counting does not show (one lost and one too many) is found by package doctor, which
// repairs with Remake and Drop.
//
// Where several processes share store and vectors (store.Claimer), one of them makes
// the vectors of a kind and the others go by its watermark; see claim.go. A write is
// searchable for all of them when it is for the leader and their next look, twice a
// second, has found that out.
//
// Callers rely on this: nothing that was acknowledged is lost or left unsearchable
// in silence. A record that cannot be embedded or indexed is noted with its reason
// (Failures) and tried again, and is found by its words meanwhile.
package catalog
