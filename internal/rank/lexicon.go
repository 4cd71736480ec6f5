package rank

import "cmp"

// Word is an entry of a lexicon that a text has, with how telling it is: above 0 and
// at most 1, the more the rarer.
type Word struct {
	Entry  int32
	Weight float32
}

// ByEntry compares words by their entries.
func ByEntry(a, b Word) int { return cmp.Compare(a.Entry, b.Entry) }

// Passages are the vectors of several texts, rounded to a byte a dimension.
type Passages struct {
	Codes   []int8    // one row after the other
	Inverse []float32 // of the rows' lengths; 0 where no word is known
}

// Rows are distinct words in the order of their entries, with their vectors side by side.
type Rows struct {
	Words   []Word
	Codes   []int8    // one row after the other
	Inverse []float32 // of the rows' lengths
}

// Lexicon is a vocabulary whose words have vectors, so that words of like meaning are
// near. It is the same one whatever embeds the records. Implementations are safe for
// concurrent use, and give the same numbers on every machine.
type Lexicon interface {
	// Identity names the lexicon: equal identities give equal results.
	Identity() string
	// Words cuts a text and appends its distinct words to out, in the order of their
	// entries.
	Words(out []Word, text string) []Word
	// Nearest writes to out, for each word of need, the cosine of the word of have that
	// is nearest to it, −1 where have is empty. Both are in the order of Words.
	Nearest(need, have []Word, out []float32)
	// NearestRow is Nearest for one word and words that were gathered.
	NearestRow(need Word, have Rows) float32
	// Rows gathers the vectors of words, which are in the order of Words.
	Rows(words []Word) Rows
	// Cosines writes to out what Nearest takes the largest of: the cosine of a word with
	// each of have, 1 for the word itself. CosinesBack does so for each of need and one
	// word that there is; the two differ by rounding.
	Cosines(need Word, have Rows, out []float32)
	CosinesBack(need Rows, have Word, out []float32)
	// Passages gives the vectors of texts.
	Passages(texts []string) Passages
	// NearestPassages writes to out, for each passage of need, the cosine of the nearest
	// one of have, −1 where have is empty.
	NearestPassages(need, have Passages, out []float32)
}
