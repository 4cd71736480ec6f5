// Package retrieve answers match requests: it nominates candidates with several
// leaf searches, scores every candidate as a pair, and returns the ranking.
//
// The leaf searches (titles' vectors, whole texts' vectors, words) run at the same
// time with the filter inside them, to a fixed depth. What any of them finds is put in
// order by what the indexes know of it (rank.FirstPass); the records of the best
// MaxDepth are read, taken apart and scored by the ranker, and only those. So a score
// depends neither on the filter, nor on the page, nor on which leg found the record,
// and ScorePairs gives the same one. A record's prepared form is kept by its revision.
// Writing is left to package catalog, wording to package explain.
//
// Callers rely on this: an answer names the revisions that it speaks of and the
// versions that made it; a part that could not take part is named in Degraded, and
// is never left out in silence; the confidential fields of a demand that is shown
// as a hit are empty.
package retrieve
