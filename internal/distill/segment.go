package distill

import (
	"math"
	"unicode/utf8"
)

// segmenter cuts a text into words of a list so that the product of their frequencies
// is greatest, by dynamic programming from the end; a character that begins no word
// has frequency 1.
type segmenter struct {
	logs    map[string]float64
	unknown float64
}

func newSegmenter(words []Word) *segmenter {
	total := 0
	for _, w := range words {
		total += w.Count
	}
	s := &segmenter{logs: make(map[string]float64, len(words)), unknown: -math.Log(float64(max(total, 1)))}
	for _, w := range words {
		if utf8.RuneCountInString(w.Text) <= longestWord {
			s.logs[w.Text] = math.Log(float64(max(w.Count, 1))) + s.unknown
		}
	}
	return s
}

// words calls yield for every word of the list in a folded text.
func (s *segmenter) words(text string, yield func(string)) {
	starts := make([]int, 0, len(text)+1) // bytes where characters begin
	for at := range text {
		starts = append(starts, at)
	}
	n := len(starts)
	starts = append(starts, len(text))
	best, next := make([]float64, n+1), make([]int, n)
	for i := n - 1; i >= 0; i-- {
		best[i], next[i] = s.unknown+best[i+1], i+1
		for j := i + 1; j <= min(n, i+longestWord); j++ {
			log, ok := s.logs[text[starts[i]:starts[j]]]
			if ok && (log+best[j] > best[i] || j == i+1) {
				best[i], next[i] = log+best[j], j
			}
		}
	}
	for i := 0; i < n; i = next[i] {
		word := text[starts[i]:starts[next[i]]]
		if _, ok := s.logs[word]; ok {
			yield(word)
		}
	}
}
