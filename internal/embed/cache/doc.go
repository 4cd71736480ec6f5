// Package cache remembers the vectors of an embedder that costs time or money, so
// that the same text is paid for once: in memory what was asked for last, and on
// disk what fits, over restarts and imports.
//
//	Embed ─► memory (least recently used goes) ─► disk ─► the embedder, once for
//	                                                      equal texts of all callers
//
// A vector is kept under SHA-256 of the model's identity, the role and the text. The
// text itself is not kept. On disk each model has a folder of its own, in segments
// that are written to the end one after the other; when the folder grows beyond its
// limit, the oldest segment goes. A segment is two files:
//
//	NNNNNN.keys     magic(7) version(1) dim(4) length(4) identity crc32c(4)
//	                then for each vector: SHA-256(32) crc32c of hash and vector(4)
//	NNNNNN.vectors  for each vector: dim × float32
//
// all little endian. Vectors are written before their keys and neither is synced:
// what a crash tears off is dropped, and a vector that does not fit its checksum is
// asked for again.
//
// Callers rely on this: the vectors are those that the embedder gave, bit for bit; a
// disk that is full or damaged makes calls slower, and never wrong.
package cache
