// Package retrieve answers match requests: it nominates candidates with several
// leaf searches, scores every candidate as a pair, and returns the ranking.
//
// The leaf searches (titles' vectors, whole texts' vectors, words) run at the same
// time with the filter inside them, to a fixed depth; whatever any of them finds
// is scored by the one ranker. So a score does not depend on the filter, on the
// page, or on which leg found the record, and ScorePairs gives the same one.
// Writing is left to package catalog, wording to package explain.
//
// Callers rely on this: an answer names the revisions that it speaks of and the
// versions that made it; a part that could not take part is named in Degraded, and
// is never left out in silence; the confidential fields of a demand that is shown
// as a hit are empty.
package retrieve
