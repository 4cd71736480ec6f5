// Package worth finds the pairs whose judgement would tell most.
//
// A pair is worth much if the model in production is uncertain of it, or if models do not
// agree on where among the candidates it belongs (query by committee: Seung, Opper and
// Sompolinsky, COLT 1992). Pairs that are much like one that was chosen already are worth
// less (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998), near twins of a
// chosen or judged pair nothing, and no demand gets more than its share.
//
// Callers rely on this: pairs that an expert has judged are left out; the same catalog,
// models and options give the same list.
package worth
