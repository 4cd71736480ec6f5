// Package workload makes up catalogs of any size that resemble real ones, for
// measurements: patents and demands whose texts recombine the clauses of others.
//
// A catalog has topics, about one for every two hundred patents. A topic draws on a few
// of the source's documents and exchanges a share of their content words for others, the
// same ones in all its texts: so a large catalog speaks of many more things than its
// source does, with new pairs of characters and new directions of vectors, while clauses
// keep their length, their order of words, and what is common to all. Texts take most
// clauses from their topic and some from anywhere; a few name things that nobody else
// names.
//
// How far this is like real data is for the reader to judge: Distinct counts the pairs of
// characters that a catalog has. What such a catalog cannot tell is how good answers are.
//
// Callers rely on this: a record depends on source, seed, size and its number alone, so
// that it can be made again, in any order and by any number of goroutines; and it passes
// Validate.
package workload
