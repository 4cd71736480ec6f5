// Package distill makes model files of the static embedder: it learns from a teacher,
// which is any other embedder, what each word adds to the vector of a text.
//
// It needs a word list with frequencies and unlabelled texts of the kind that will be
// searched. No label is used.
//
//	words, texts ─► entries (choose) ─► the teacher's vector of each, centred, on the
//	                weights (SIF)       axes of greatest variance             = start
//	texts, their sentences and clauses, ─► the teacher's vectors of those    = goals
//	words that are no entries
//
//	1  one linear map of all entries: start·A, with A from
//	   min |X·start·A − goals|² + p|A − 1|²
//	2  each entry by itself (ridge regression by conjugate gradients):
//	   min |X·V − goals|² + r|V − start·A|²
//	3  V turned to the principal axes of X·V, each axis divided by its variance to the
//	   power w/2
//
// where a row of X has the shares of a text's entries in its weighted mean. Step 3
// (Mu and Viswanath's all-but-the-top and whitening, done half) takes from the axes
// that all texts share the power to drown the others: a mean of words says the common
// things in every text. It also puts the axes in the order of what they tell, so that
// the first 128 dimensions work alone.
//
// Callers rely on this: the same input, options and teacher give the same bytes on one
// kind of processor, with any number of threads; the teacher is asked in an order that
// does not depend on what a cache knows already, so that a run that was stopped goes on
// from its cache.
package distill
