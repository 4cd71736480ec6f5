package distill

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
)

// Word is a line of a word list.
type Word struct {
	Text  string // folded
	Count int    // how often it occurs in some large corpus
	Tag   string // its part of speech in the tags of jieba's list; empty where the list has none
}

// ReadWords reads a word list: a word, its frequency and perhaps its part of speech a
// line, with tabs or blanks between. Words that are equal after folding become one,
// the most frequent. The result descends by frequency. Errors are of kind Invalid and
// name the line.
func ReadWords(r io.Reader) ([]Word, error) {
	byText := map[string]int{}
	var out []Word
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 {
			continue
		}
		w, err := wordOf(fields)
		if err != nil {
			return nil, match.About(fmt.Sprintf("line %d", n), err)
		}
		if at, ok := byText[w.Text]; !ok {
			byText[w.Text] = len(out)
			out = append(out, w)
		} else if out[at].Count < w.Count {
			out[at] = w
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Word) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Text, b.Text))
	})
	return out, nil
}

func wordOf(fields []string) (Word, error) {
	if len(fields) < 2 {
		return Word{}, match.Invalidf("frequency", "is missing: a line has a word and its frequency")
	}
	count, err := strconv.Atoi(fields[1])
	if err != nil || count < 0 {
		return Word{}, match.Invalidf("frequency", fmt.Sprintf("%q is not a whole number from 0", fields[1]))
	}
	if !utf8.ValidString(fields[0]) {
		return Word{}, match.Invalidf("word", "is not UTF-8")
	}
	w := Word{Text: static.Fold(fields[0]), Count: count}
	if len(fields) > 2 {
		w.Tag = fields[2]
	}
	return w, nil
}

// names are the tags of persons, organisations, sayings and interjections.
var names = map[string]bool{"nr": true, "nrt": true, "nrfg": true, "nt": true, "i": true, "e": true, "o": true}

// longestWord is the longest entry in characters.
const longestWord = 10

// fit reports whether a word may be an entry: Chinese, of two characters or more, and
// not the name of somebody.
func (w Word) fit() bool {
	n := utf8.RuneCountInString(w.Text)
	return n > 1 && n <= longestWord && !names[w.Tag] && strings.ContainsFunc(w.Text, isHan)
}

func isHan(r rune) bool { return 0x3400 <= r && r <= 0x9FFF }
