// Package onnx is the embedder for sentence transformers: any folder in the
// layout of Hugging Face, run by ONNX Runtime.
//
// The library is loaded when an embedder is opened, without cgo, so that one
// build serves machines with it and without. Nothing else of this program needs
// it.
//
// Each text runs by itself, on one thread, and as many texts run at once as
// there are threads, the longest first; all share one session. Graphs in int8
// scale each tensor by what is in it (dynamic quantisation), so texts that share
// a batch would change each other's vectors. On processors this is no slower than
// batches: it pads nothing and synchronises nothing.
//
// Callers rely on this:
//   - The vector of a text depends on the text, its role and what the identity
//     digests: graph, tokeniser, pooling, prefixes, limit, and the library's
//     version, which is a part of it because versions round differently.
//   - Text beyond the model's limit is cut off, counted by Truncated and told
//     once to the log. Limit says which texts are safe, Tokens how long one is.
package onnx
