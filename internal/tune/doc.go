// Package tune makes rankers of labelled pairs, and scores pairs with them.
//
// It answers: which level (1 none to 4 strong) does a pair deserve, given the
// labels that people gave to other pairs, how certain is that, and which features
// carried it. Making labels is left to others, and so is finding candidates.
//
// A model has three layers, and a last one that adds them up:
//
//	features of the pair (package rank) ─┬─────────────────────────────┐
//	                                     ├─ ridge regression ─┐        │
//	labels that are remembered ──────────┼─ Gaussian process ─┤        │
//	                                     └─ label history ────┴─ boosted trees
//	                                                          │        │
//	                                     proportional odds over all of them: a logit,
//	                                     a probability for each level, their median
//
// The last layer adds up the forests, the kernel's level and the zero-shot fusion's logit.
// There are forests for demands with labels, and others for unseen ones, unless these
// are ranked as well without.
//
// The Gaussian process carries the residual of a label to other pairs, by how near
// the demands and how near the patents are. In training every label is masked from
// its own features, together with a fifth of its demand's labels and all of the
// same title; and every pair is shown once as one of a demand without labels.
//
// What callers rely on:
//
//   - The same set, options and embedder give the same bytes, whatever the number
//     of goroutines.
//   - A score depends on the pair and the model alone. Bias and contributions add
//     up to its logit.
//   - A demand is known by its id and its texts together.
//   - A model refuses vectors of another embedder; a file of another schema, or trained
//     over another zero-shot fusion, is refused.
//
// The file, little-endian; lists begin with their length as uint32:
//
//	┌───────────┬────────────┬──────────────────────────────────────────────────┐
//	│ "DJTUNED" │ schema u8  │ card: JSON (embedder, data hash, seed, metrics…) │
//	├───────────┴────────────┴──────────────────────────────────────────────────┤
//	│ kernel f64×10, weight of rare terms f64                                   │
//	│ zero-shot fusion: name, identity of its words, weights and bias f64…      │
//	│ terms: hash u32…, weight f32…                                             │
//	├───────────────────────────────────────────────────────────────────────────┤
//	│ means of vectors f32… ×2 │ means and deviations of features f32… ×2        │
//	│ ridge weights f64… ×2    │ shares of the levels f64… │ labels looked at u32 │
//	├───────────────────────────────────────────────────────────────────────────┤
//	│ demands: id, SHA-256 of the texts, vector (step f32, int8…), terms         │
//	│ patents: title hash u64, vector (step f32, int8…), at most 64 terms        │
//	│ labels: demand u32, patent u32, hash of the patent's id u64, level u8,      │
//	│         zero-shot logit f32, residuals f32×2, features of the kernel f32×14 │
//	├───────────────────────────────────────────────────────────────────────────┤
//	│ weights and cuts of the last layer f64… for known demands, for unseen ones │
//	│ forests ×4: 0 u32, or 1 u32, base f64, trees: nodes (feature, left, right   │
//	│         i32, missing left u8, threshold f32, value f64, cover f64)          │
//	├───────────────────────────────────────────────────────────────────────────┤
//	│ SHA-256 of all before                                                     │
//	└───────────────────────────────────────────────────────────────────────────┘
//
// No text is in it: titles and demands are kept as hashes, vectors and hashed terms.
package tune
