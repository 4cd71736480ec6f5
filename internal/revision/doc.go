// Package revision is what every durable store does with a batch apart from its
// database: bodies as JSON and their hashes, what a write means for the newest
// revision of a record, and the form in which outcomes are kept.
//
// It knows no database. Callers rely on this: two stores that use it agree on which
// content is equal, on which writes are refused and why, and on the bytes of a body.
package revision
