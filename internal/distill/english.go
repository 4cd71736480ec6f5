package distill

import (
	_ "embed" // the glossary and the common words
	"fmt"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/embed/static"
)

//go:embed glossary.tsv
var glossaryFile string

//go:embed common.txt
var commonFile string

// glossary gives foreign terms and units in Chinese: a teacher of Chinese knows few of
// them, and its vectors of them lie together, whatever they mean.
func glossary() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(glossaryFile) {
		term, chinese, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			panic(fmt.Sprintf("glossary.tsv: %q has no tab", line))
		}
		out[static.Fold(term)] = strings.Fields(chinese)
	}
	return out
}

// common gives the relative frequency of English words that say little, for the texts
// have too little English, and the word list none, to tell.
func common() map[string]float64 {
	out := map[string]float64{}
	for line := range strings.Lines(commonFile) {
		word, p, _ := strings.Cut(strings.TrimSpace(line), " ")
		number, err := strconv.ParseFloat(p, 64)
		if err != nil {
			panic(fmt.Sprintf("common.txt: %q: %v", line, err))
		}
		out[word] = number
	}
	return out
}
