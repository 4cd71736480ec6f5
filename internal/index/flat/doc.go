// Package flat is the vector index on this machine: exact, in memory, and with a
// log on disk that brings it back.
//
// A search reads every vector that meets the filter, but reads most of them as
// one byte a dimension: each row carries the length of what quantising it lost,
// which bounds its true score from both sides, and only rows whose upper bound
// reaches the limit-th best lower bound are scored in float32. So the answer is
// that of brute force in float32, and neither the number of workers nor the
// instruction set changes a bit of it. Query.Exact is always met.
//
// Invariants: a slot holds one version of one point and never changes; a newer
// version takes a new slot. So a search takes a view under the lock and scans it
// without one. When more than half of the slots are dead, the live ones move into
// a new table; when more than half of the log is dead, Open and Close rewrite it.
//
// One process at a time may have a directory open for writing; the data folder's
// lock sees to that, not this package. OpenReadOnly works beside it.
package flat
