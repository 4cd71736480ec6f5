// Package qdrant is the vector index on a Qdrant server or cluster, version 1.16
// or newer, reached over gRPC. It lets many processes of Duijie share one index.
//
// Each Spec has a Qdrant collection of its own, PREFIX_COLLECTION_HASH, where HASH
// is of the model's identity and of the layout's version: vectors of two models live side by
// side while one is replaced by the other, and are never mixed, and so do those of an older
// Duijie. The collection's metadata holds the
// Spec, which every Open compares with its own.
//
// A point has the UUIDv5 of its key as its id, and this payload:
//
//	key      the key
//	tokens   {field: [token, …]}      indexed by keyword
//	numbers  {field: whole number}    indexed by integer
//	zero     names of the vectors that are zero, which Qdrant is not given
//
// Vectors are compared by dot product, not by Qdrant's own cosine, which would
// store normalised copies: what Vectors returns is quant.Round of what was written, to the bit.
// Qdrant only proposes candidates. Their scores are computed here from the stored
// vectors, in the additions' order of package flat, so that scores and the order
// of hits depend neither on the server's processor nor on which index is used.
// More candidates are fetched until no other point can belong among the hits.
// A search without Query.Exact may miss points once Qdrant builds its graph
// (10 MB of vectors in a segment, by default); it never returns fewer than there are.
//
// What survives: a write is answered when it is in the server's write-ahead log
// and applied, so it outlives crashes of this process, of its machine and of the
// Qdrant process. Qdrant syncs that log to its disk once a second (its default is
// five), so a power failure of the only server may take the last second of writes,
// flushed or not; Qdrant offers no call that syncs. Replicas cure it: set the
// server's replication_factor, and write_consistency_factor to the same number,
// which in a cluster is also what makes a search see every write before it.
package qdrant
