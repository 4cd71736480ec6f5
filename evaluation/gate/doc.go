// Package gate decides whether a candidate may replace a baseline, from the result
// of an evaluation and rules such as
//
//	ndcg@10 +0.01 p<0.05      better by at least 0.01, and not by chance
//	ndcg@10 p<0.05            better at all, and not by chance
//	ece <=0.05                no worse than a fixed value
//	sector:0.02               non-inferior on every sector, margin 0.02
//	sector/mrr:0.02           the same on another metric than nDCG@10
//
// Every rule passes, fails or stays undecided, with a reason. The gate passes when
// every rule passes; an undecided one, such as a slice too small to tell, passes
// only by an [Override] that says who allowed it and why. The gate measures
// nothing itself: all figures are those of the result.
package gate
