// Package lexical is the contract of the index of words: which texts share the
// most telling character bigrams with a given one.
//
// An Index holds one collection (the patents or the demands). The implementations
// are children of this package (bigram in memory, segment on disk); lexicaltest holds
// the suite that every implementation passes. How its scores are weighed against others is left to the
// callers.
//
// Callers rely on this: a search sees every write that returned before it began;
// the filter is applied inside the search; scores are BM25, and the contributions
// that Terms gives add up to them but for rounding (1e-9 of the score); equal
// scores are in the order of their keys.
package lexical
