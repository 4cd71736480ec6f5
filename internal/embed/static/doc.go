// Package static is the built-in embedder: a vector for each of about 33,000
// words and pieces, and for a text the normalised weighted mean of the vectors
// of its tokens. It needs no other process and no file beside the binary.
//
// A text is folded (width and case, one character to one character) and cut by
// longest match over the model's own vocabulary. A Chinese word that the model
// does not know falls to its parts and characters, a Latin word to pieces, a
// number to its digits; what then remains unknown is passed over. The weights
// are those of smooth inverse frequency, a/(a+p(w)): what is frequent counts
// for little. How the vectors were learned is told by the model's card (Model.Card);
// package distill makes them.
//
// Callers rely on this:
//   - The same text has the same vector to the last bit, alone or in a batch, on
//     every machine: sums are of whole numbers, so their order does not matter.
//   - The vector of a text is the normalised sum of what its tokens add, and
//     Model.Tokens names those tokens with their places and weights.
//   - The built-in model's first dimensions tell most: the first 128 work alone.
//   - A Model never changes and may be used by any number of goroutines.
//   - A file that was cut off or altered is an error, never a panic and never
//     another model: the digest at its end covers all that stands before it.
//
// # Model files
//
// All numbers are little-endian. V is the number of entries, D that of
// dimensions, which is a multiple of 8.
//
//	┌───────────────────────────────────────────────────────────────┐
//	│ magic "DJSTATIC" (8) │ version 2 (1) │ flags (1) │ len name (2)│
//	├───────────────────────────────────────────────────────────────┤
//	│ D (4) │ V (4) │ bytes of all entries (4) │ len card (4)        │
//	├───────────────────────────────────────────────────────────────┤
//	│ name, UTF-8 │ card, Markdown, UTF-8                           │
//	├───────────────────────────────────────────────────────────────┤
//	│ V × 1   length of each entry in bytes                         │
//	│ …       the entries, UTF-8, folded, ascending by bytes        │
//	├───────────────────────────────────────────────────────────────┤
//	│ V × 4   weights, float32                                      │
//	│ V × 4   scales, float32                                       │
//	│ V × D   vectors, int8; times its scale, each is a word's      │
//	├───────────────────────────────────────────────────────────────┤
//	│ 32      SHA-256 of all of the above                           │
//	└───────────────────────────────────────────────────────────────┘
//
// Flag 1 says that a text's vector is scaled to length 1; it is always set in
// version 2. An entry that begins with "##" is a piece that continues a Latin
// word. Weight times scale of an entry is rounded to a step of 1/16383 of the
// greatest such product, at least 1, so that a text's vector is a sum of whole
// numbers before it is scaled.
package static
