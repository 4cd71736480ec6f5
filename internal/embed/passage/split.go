package passage

import (
	"github.com/duijie/duijie/internal/text"
)

// Split cuts s into passages of at most limit code points (at least 1), in order and
// without overlap. A passage ends where a sentence ends; a sentence that is longer
// than limit is cut inside. What holds neither letters nor digits between sentences
// may be left out. A text without any sentence has no passage.
func Split(s string, limit int) []text.Range {
	var out []text.Range
	for _, sentence := range text.Sentences(s) {
		if n := len(out); n > 0 && sentence.End-out[n-1].Start <= limit {
			out[n-1].End = sentence.End
			continue
		}
		for sentence.End-sentence.Start > limit {
			out = append(out, text.Range{Start: sentence.Start, End: sentence.Start + limit})
			sentence.Start += limit
		}
		out = append(out, sentence)
	}
	return out
}
