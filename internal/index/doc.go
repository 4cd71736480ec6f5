// Package index is the contract of a vector index: which stored vectors are
// nearest to a given one, among the records that meet a filter.
//
// An Index holds one collection (the patents or the demands) under one embedding
// model. Several named vectors belong to each record. What the vectors mean, and
// how results of several searches are fused, is left to the callers. The
// implementations are children of this package (flat on this machine, qdrant on a
// server); indextest holds the suite that each of them passes.
//
// Every implementation keeps quant.Round of a vector and computes scores with that, in one
// order of additions (Dot): whatever is written to two of them, an exact search has the
// same hits and the same scores, to the bit.
//
// Callers rely on this: a search sees every write that returned before it began;
// the filter is applied inside the search, so Limit hits are returned wherever
// Limit records meet it; scores are cosines computed from float32 vectors; and
// equal scores are in the order of their keys.
package index
