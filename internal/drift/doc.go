// Package drift tells how far what a model sees in service is from what it saw before.
//
// A Reference holds, for each measured quantity (a leg's score, a logit, a length), the
// deciles of a sample. A Monitor counts what comes in service into the same bins and
// gives the population stability index of each quantity,
//
//	PSI = Σ (a − e) · ln(a / e)
//
// over the bins, e being the share of the reference and a the one in service (Siddiqi,
// Credit Risk Scorecards, 2006; it is the symmetrised Kullback–Leibler divergence of the
// two). By custom a PSI below 0.1 is no change, and one above 0.25 asks for a look.
//
// Callers rely on this: what is counted is forgotten after a while, so that an index
// tells of the last hundreds of values and not of all since the start; and a quantity
// with fewer than a hundred values has no index.
package drift
