package workload

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

// Source is what texts are made of.
type Source struct {
	patents, demands []document
	clauses          []clause // of all documents
	words            [][]string
}

// document is a title and what is said after it.
type document struct {
	title   clause
	clauses []clause
}

// clause is text between two marks of punctuation.
type clause []piece

// piece is a word that topics may exchange for another one, or text that stays.
type piece struct {
	text string
	word int32 // its number; −1 is text that stays
	size int8  // of a word, in characters
}

const (
	// shortest and longest are the sizes of words that are exchanged, in characters; such
	// a word is exchanged for one of its own size.
	shortest, longest = 2, 4
	// longestClause keeps a text from being one clause of another, in characters.
	longestClause = 80
	// telling is the weight in the built-in model from which a word says what a text is
	// about.
	telling = 0.3
)

// Sample is the built-in sample as a source.
func Sample() (*Source, error) {
	c, err := sample.Load()
	if err != nil {
		return nil, err
	}
	var patents, demands []match.Texts
	for i := range c.Patents {
		patents = append(patents, c.Patents[i].Texts())
	}
	for i := range c.Demands {
		demands = append(demands, c.Demands[i].Texts())
	}
	return newSource(patents, demands)
}

// Read reads a source: on each line a JSON object with title and abstract or text, or
// plain text. All of it serves for both sides. Errors of kind match.Invalid name the line.
func Read(r io.Reader) (*Source, error) {
	var all []match.Texts
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\uFEFF"))
		texts := match.Texts{Body: line}
		if strings.HasPrefix(line, "{") {
			var doc struct{ Title, Abstract, Text string }
			if err := json.Unmarshal([]byte(line), &doc); err != nil {
				return nil, &match.Error{Kind: match.Invalid, Record: fmt.Sprintf("line %d", n), Reason: "is not a JSON object with title, abstract or text", Err: err}
			}
			texts = match.Texts{Title: doc.Title, Body: doc.Abstract + doc.Text}
		}
		if !utf8.ValidString(texts.Full()) {
			return nil, &match.Error{Kind: match.Invalid, Record: fmt.Sprintf("line %d", n), Reason: "is not UTF-8"}
		}
		if !texts.Empty() {
			all = append(all, texts)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	return newSource(all, all)
}

func newSource(patents, demands []match.Texts) (*Source, error) {
	model, err := static.Builtin()
	if err != nil {
		return nil, err
	}
	s := &Source{words: make([][]string, longest+1)}
	c := cutter{model: model, source: s, numbers: map[string]int32{}}
	for _, t := range patents {
		s.patents = c.add(s.patents, t)
	}
	for _, t := range demands {
		s.demands = c.add(s.demands, t)
	}
	if len(s.patents) == 0 || len(s.demands) == 0 {
		return nil, match.Invalidf("texts", "hold no text")
	}
	return s, nil
}

// cutter cuts texts into clauses, and clauses into pieces.
type cutter struct {
	model   *static.Model
	source  *Source
	numbers map[string]int32 // by word
}

func (c *cutter) add(to []document, t match.Texts) []document {
	var d document
	for _, text := range clauses(t.Body) {
		if utf8.RuneCountInString(text) <= longestClause {
			d.clauses = append(d.clauses, c.clause(text))
		}
	}
	if title := []rune(strings.Join(clauses(t.Title), "")); len(title) > 0 {
		d.title = c.clause(string(title[:min(len(title), longestClause)]))
		d.clauses = append(d.clauses, d.title)
	} else if len(d.clauses) > 0 {
		d.title = d.clauses[0]
	}
	if len(d.clauses) == 0 {
		return to
	}
	c.source.clauses = append(c.source.clauses, d.clauses...)
	return append(to, d)
}

func clauses(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune("，。；：！？,;!?", r) || unicode.IsControl(r)
	})
}

func (c *cutter) clause(s string) (out clause) {
	at := 0
	for _, t := range c.model.Tokens(s) {
		word := s[t.Start:t.End]
		size := utf8.RuneCountInString(word)
		if t.Weight < telling || size < shortest || size > longest || !han(word) {
			continue
		}
		if t.Start > at {
			out = append(out, piece{text: s[at:t.Start], word: -1})
		}
		out, at = append(out, piece{text: word, word: c.number(word, size), size: int8(size)}), t.End
	}
	if at < len(s) {
		out = append(out, piece{text: s[at:], word: -1})
	}
	return out
}

func (c *cutter) number(word string, size int) int32 {
	n, ok := c.numbers[word]
	if !ok {
		n = int32(len(c.numbers))
		c.numbers[word] = n
		c.source.words[size] = append(c.source.words[size], word)
	}
	return n
}

func han(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return true
}
