// Package split divides a dataset into folds, and reports what leaks from one
// fold into another.
//
// Demands are written by copying: near twins in two folds make a model that has
// learnt one look good on the other. [Groups] finds them; ByGroup keeps each group
// in one fold. Scores are taken per query, each query in the fold that holds it
// out. The same dataset, groups, number of folds and seed give the same split.
package split
