// Package feedback turns what the parties do with answers into something that can be
// learned from.
//
// It answers: does an event fit the answer that it names (Recorder), how likely is a hit
// at a rank to be looked at at all (Estimate), and which level do the steps that were
// taken speak for, once that is corrected for (Derive). Keeping events is left to package
// store, learning from labels to package tune.
//
// What hits get looked at depends on where they stand. With the position-based model
//
//	P(a hit at rank k is viewed) = θ(k) · P(it is viewed, given that it is looked at)
//
// a pair that was shown at the ranks k₁…kₙ was looked at θ(k₁)+…+θ(kₙ) times, as far as
// one can know, and what it earned is divided by that and not by n. Which is inverse
// propensity scoring (Joachims, Swaminathan and Schnabel, Unbiased Learning-to-Rank with
// Biased Feedback, WSDM 2017) with the weights of a pair's showings pooled: clicks over
// expected clicks (Zhang and Jones, WWW 2007), which varies less for few showings.
//
// Callers rely on this: labels made here say that they are (source event, rater
// "events"), and never replace a person's; the same events give the same labels.
package feedback
