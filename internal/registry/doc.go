// Package registry keeps versions of tuned models, says which of them are in production,
// and lets none into it but through a gate.
//
// A version is a file that was read and found sound, under the identity that its bytes
// give it. An alias says where it is used:
//
//	national          wherever no other alias says otherwise
//	sector/CODE       demands and patents of a sector
//	region/CODE       of a region, by the first two digits of GB/T 2260
//	tenant/NAME       of a tenant
//	challenger        nowhere: it is compared with what is in production (package pilot)
//	champion          the same as national, to be read
//
// Where an alias has no version, the next one counts, and in the end the ranker that is
// built in.
//
//	file ─ Add ─► version ─ Promote ─► gate ─ pass ─► alias ─► Lineup, on every replica
//	                                     │              ▲
//	                                     └ refused      └─ Rollback: the one before, at once
//
// The gate (Judge) measures the candidate and what it would replace on frozen datasets:
// labelled pairs that name revisions, kept under a name, and not learned from until the
// dataset is retired. It opens for a paired win where
// the alias is used and non-inferiority in every other sector (nDCG@10, the 95 % bound of
// the loss below 0.02). What is too small to decide passes by an override alone, which
// says who and why, and stays in the history.
//
// Callers rely on this: a Lineup never changes, so that an answer that took one is made by
// it alone; a version is in a Lineup only after it was read and checked; every change of
// what is in production has a number, and a replica that shares the store has it within
// a second; nothing is deleted.
package registry
