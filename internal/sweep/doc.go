// Package sweep matches all records of one side with all of the other, and keeps the
// result in a file that survives a kill.
//
//	records by id ─ Job.Run ─ block of some thousands ─ File.Add ─▶ OUT.part, OUT.part.json
//	                                                    File.Commit ─▶ OUT
//
// Rows are written block after block, in the order of the records' ids. After each block
// the file is on disk, and then, in one step, what belongs to it: how many bytes count and
// which record was the last. A resumed job cuts off what came later and goes on behind
// that record, so that no row is there twice and none is missing. OUT comes into being
// when the job is done.
//
// Several processes divide a job by shards: a record belongs to one of them by its id.
//
// Callers rely on this: the rows depend on what is stored and on the Job alone, not on
// blocks, kills and shards. What is written meanwhile by others takes part if the job had
// not come to it; the day on which something counts as expired is that of the beginning.
package sweep
