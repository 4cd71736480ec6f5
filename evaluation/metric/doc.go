// Package metric holds the measures of ranking, of predicted levels, of
// calibration and of exposure as pure functions over plain values.
//
// It answers "what is this measure of this one ranking" and nothing else: which
// queries count, how values are averaged, resampled and compared is decided in
// package evaluation. Functions never modify their arguments, hold no state and
// may be called concurrently.
//
// Ranking measures return 0 where trec_eval returns 0 (nothing relevant, nothing
// retrieved); whether such a query belongs to the population of a mean is asked
// of [Ranking.Rankable] and [Ranking.HasRelevant]. Measures without a value
// return NaN, which package evaluation turns into a null with a reason.
//
// All measures but nDCG agree with trec_eval by the same name to 1e-9; nDCG does
// when trec_eval is given the gains 2^(level-min)-1 instead of the raw levels.
package metric
