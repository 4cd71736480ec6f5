// Package archive keeps answers for some time, so that they can be given again and so
// that events can be compared with what was shown.
//
// An answer is put into a queue, from which one goroutine writes batches: who answers
// never waits for the disk. Making the form in which an answer is kept is left to the
// caller, and keeping it on disk to package store.
//
//	Keep ──► queue ──► batch ──► store ──► forgotten, when it is too old or too many
//	   └─ dropped (full)  └─ failed (the store refuses it)
//
// Callers rely on this: Keep never waits; whatever is not kept is counted, as dropped
// or as failed; no answer takes another's place; Find sees an answer from the moment on when Keep has returned true; and
// Close writes what is queued. What was queued when the process was killed, answers of
// the last quarter of a second, is lost.
package archive
