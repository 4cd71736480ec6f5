// Package boost grows gradient-boosted regression trees on histograms, and takes
// their predictions apart into exact contributions of the features.
//
// It knows nothing of demands and patents: rows of numbers go in, a [Forest] comes
// out. Two losses are there: squared error, and the ordinal loss of the
// proportional odds model over levels 1 to K.
//
// Callers rely on this:
//
//   - The same rows, parameters and seed give the same forest, bit for bit,
//     whatever the number of goroutines: each feature's histogram is summed by one
//     goroutine in the order of the rows.
//   - NaN is a missing value; every split says to which side it goes.
//   - The contributions of [Forest.Explain] and the forest's Base add up to the
//     prediction; they are Shapley values over the paths of the trees.
//   - Constraints hold: a prediction never falls as a feature with constraint +1
//     grows, all else being equal.
package boost
