// Package store is the contract of what Duijie keeps: records with all their
// revisions, labels, answers and what the parties did with them, versions of models and
// which of them are in production, and how far other parts have followed the writes.
//
// The implementations are children of this package (sqlite, for one process, and
// postgres, for several); package revision has what they share, and storetest the
// suite that each of them passes. A store keeps no vectors and answers no search;
// those are made from it and can be made again.
//
// Callers rely on this: a call that returned without an error is on disk; a batch
// is written whole or not at all; each write has a sequence number larger than any
// that was visible before, and a reader who has seen a number will never see a
// smaller one appear. Nothing here assumes that one process writes.
package store
