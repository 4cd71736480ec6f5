// Package statistic says how far figures of an evaluation can be trusted:
// bootstrap intervals, the paired randomisation test, Holm's correction, win, tie
// and loss, the minimum detectable effect and non-inferiority.
//
// The unit of all of them is the cluster: queries that are near duplicates of
// each other carry one piece of evidence, not several, and are drawn or flipped
// together. Every draw depends on the seed and the number of the sample alone, so
// results are the same bytes whatever the number of workers. Functions hold no
// state and may be called concurrently.
package statistic
