// Package embed turns texts into unit vectors.
//
// It answers one question: where does this text lie in the space of a model?
// Which texts of a record are embedded, and what is done with the vectors, is
// left to its callers. The implementations are children of this package
// (static, onnx, openai), and so are what stands before them: passage for texts of any
// length, cache for vectors that were paid for. embedtest holds the suite that each of
// them passes.
//
// Callers rely on this: two vectors may be compared only if they carry the same
// Identity, and one Identity always gives the same vector for the same text and
// role, whatever else is in the batch.
package embed
