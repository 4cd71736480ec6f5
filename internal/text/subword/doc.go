// Package subword cuts texts into the numbered pieces that a language model
// reads. It runs the tokenizer.json files of Hugging Face: normaliser, split
// into words, model (WordPiece, BPE or Unigram) and the frame of special tokens.
//
// Only what it implements is accepted: a file with another kind of normaliser,
// pre-tokeniser, model or post-processor, or with an option that is not known,
// is an error that names it, never a tokeniser that gives other numbers.
//
// Callers rely on this:
//   - The numbers equal those of Hugging Face's tokenizers for the same file and
//     text. Where bytes are not UTF-8, each run of them counts as one U+FFFD.
//   - A Tokeniser never changes and may be used by any number of goroutines.
//   - What a limit cuts off is told, see Encoding.Cut.
package subword
