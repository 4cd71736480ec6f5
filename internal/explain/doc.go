// Package explain says what carried a match: which sentences of the two texts are
// nearest to each other and which words they share, with places that can be shown.
//
// It is deterministic and calls no remote model: sentences are compared with an
// embedder that runs in this process. Scores are left to package rank.
//
// Callers rely on this: every span lies in the text of the revision that it names,
// and nothing of a confidential field appears in an explanation.
package explain
