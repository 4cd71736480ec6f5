// Package bigram is the index of words in memory: an inverted index over the
// terms of text.Terms, which are bigrams of ideographs and whole words.
//
// A document gets the next slot; slots only grow, so that every list of postings
// is sorted by construction. An update kills the old slot and takes a new one.
// When over half of the slots are dead, the write that notices it rebuilds
// the index from the lists that each slot keeps of its own terms.
//
//	dictionary   term ──► id
//	postings[id]          stream of slots, with tf: term → documents
//	documents[slot]       stream of ids, with tf:   document → terms
//	facets                slot → payload, for filters
//
// Callers rely on this: a score is the sum of the contributions in the order in
// which the query's terms first occur in it, and every contribution is computed
// by the same function of (term, frequency, length). So Search, Score and Terms
// agree to the last bit, whatever was written in which order before.
package bigram
