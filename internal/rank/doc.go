// Package rank turns what is known of a demand and a patent into a score.
//
// It answers one question: how well do these two fit? Finding candidates is left
// to package retrieve, saying why in words to package explain.
//
// Callers rely on this: a score depends on the features of the pair alone, and its
// contributions add up to it in the order in which they are listed.
package rank
