package qdrant

// Words on a server are two collections, whatever the model of the vectors.
//
// PREFIX_COLLECTION_words has a point for each document, with this payload beside that
// of the filters, and a sparse vector "terms" for finding it:
//
//	terms       the document's terms and frequencies (tally.Terms), base64
//	generation  the number of the write that made the point what it is
//	level       of the mean length that its weights were computed with
//	was         the terms that the statistics' base counts for it, where there are any
//	gone        "yes" where the document was deleted; it then has no vector and no terms
//
// A dimension is the upper half of a term's key, spread. Its value is the saturation
// tf·(k1+1) / (tf + k1·(1−b+b·|d|/avgdl)), which the query multiplies by idf, so that
// Qdrant's dot product is BM25 but for three things: float32, the mean length of then in
// place of that of now, and terms whose dimensions coincide, whose values are added up.
// All three only change who is a candidate: scores are computed here, in float64, from
// payload and statistics. They are those of the built-in indexes to the last bit, and
// do not depend on shards.
//
// # Statistics
//
// idf and avgdl are of all documents, and Qdrant counts neither. PREFIX_COLLECTION_words_statistics
// has the counts (tally.Table) of some generation, the base, in blocks; and a head with
// the base's generation and the mark. What was written since is found by generation:
//
//	counts now  =  base  +  Σ over points with generation > base of (terms − was)
//
//	write n:    point {generation n, terms, was}     one message; nothing else to keep in step
//	read:       head, blocks if the base is a new one, then points with generation > last
//	new base:   blocks ─► head ─► delete old blocks and gone points of generation ≤ base
//
// A point says of itself what it replaced in the base, so a crash between any two
// messages leaves counts and documents in agreement. Deleted documents stay as gone
// points until a base is without them. Each process has the counts in memory (18 bytes a
// term), and the terms of what was written since the base, at most some 40,000 documents.
//
// One process writes. Should two do so for a moment (one that has lost its claim and
// does not know yet), documents stay right, and counts may be off by what both wrote
// until Recount makes them again. Open recounts where their sum shows that.
