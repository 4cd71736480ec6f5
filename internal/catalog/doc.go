// Package catalog keeps what can be searched in step with what is stored.
//
// A write goes to the store and is acknowledged when it is on disk. A follower for
// each kind of record then reads the store's changes in their order, embeds them
// and brings vectors and words up to date:
//
//	Write ─► store (fsync) ─► acknowledged
//	           │ Changes(after)
//	           ▼
//	        follower ─► words ─► embed ─► vectors ─► flush ─► watermark
//	                               │         │
//	                               └─────────┴─► failure noted, tried again
//
// The watermark says up to where vectors are safe on disk. After a crash the
// follower goes on from there; doing a change twice is harmless. Words are held in
// memory and are read again from the store when a catalog is opened. When vectors
// are fewer than the records that they should belong to, or the watermark is ahead
// of the writes, all are made again. What counting does not show (one vector lost
// and one too many) is found by package doctor, which repairs with Remake and Drop.
//
// Callers rely on this: nothing that was acknowledged is lost or left unsearchable
// in silence. A record that cannot be embedded or indexed is noted with its reason
// (Failures) and tried again, and is found by its words meanwhile.
package catalog
