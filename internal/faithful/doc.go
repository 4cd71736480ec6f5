// Package faithful measures whether explanations tell the truth about scores: whether a
// patent without the evidence that was cited scores lower, lower than without as much
// other text, and whether the same is cited when the patent is worded or ordered
// otherwise.
//
// It asks an engine for explained hits, changes the patents, and scores the changed ones
// with the engine's own ranker and embedder. Nothing is stored.
//
// Callers rely on this: a measurement is deterministic, given the engine's answers; the
// seed of what is drawn at random is that of the pair.
package faithful
