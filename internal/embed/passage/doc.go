// Package passage embeds texts that are longer than a model reads: it splits them at
// the ends of sentences, embeds the passages, and pools their vectors.
//
// The vector of a long text is the mean of its passages' vectors, each weighted by
// its length in code points, scaled to length 1:
//
//	v = Σ lengthᵢ·vᵢ / |Σ lengthᵢ·vᵢ|
//
// A sentence-embedding model takes the mean over tokens (or behaves much like it), so
// that this is near to what the model would give if it read the whole text; with the
// built-in model, whose vector is a weighted mean of words, the two have a cosine
// above 0.99. Weighted by length, the vector hardly depends on where the text is cut,
// and a short rest at the end does not count as much as a full passage. The first
// passage alone, which is what models do that cut texts off, loses what claims and
// descriptions say later.
//
// Which passage fits a query best is asked where it is shown: see package explain.
//
// Callers rely on this: a text within the limit has the very vector of the embedder
// below; the same text always has the same passages; and since long texts have other
// vectors, the identity tells the limit.
package passage
