package subword

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// addedToken is a text that is one token wherever it stands.
type addedToken struct {
	ID         int32  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"` // not next to letters or digits
	LStrip     bool   `json:"lstrip"`      // takes the white space before it
	RStrip     bool   `json:"rstrip"`      // takes the white space after it
	Normalized bool   `json:"normalized"`  // looked for in the normalised text
	Special    bool   `json:"special"`
}

// added finds added tokens: those that are not normalised in the text as it is,
// the others in what the normaliser makes of the parts between.
type added struct {
	raw, normal finder
}

func newAdded(tokens []addedToken, normalise normaliser) (*added, error) {
	a := &added{}
	for i, t := range tokens {
		if t.Content == "" {
			return nil, match.Invalidf(fmt.Sprintf("added_tokens[%d].content", i), "is empty")
		}
		if t.Normalized {
			text := normalise(t.Content)
			if text != "" {
				a.normal.add(text, t)
			}
			continue
		}
		a.raw.add(t.Content, t)
	}
	a.raw.sort()
	a.normal.sort()
	return a, nil
}

// cut gives the parts of text in order: added tokens, and normalised text that
// is not empty.
func (a *added) cut(text string, normalise normaliser) []piece {
	var out []piece
	for _, p := range a.raw.cut(nil, piece{text: text, id: none, lead: 1}) {
		if p.id == none {
			if p.lead > 0 {
				_, n := utf8.DecodeRuneInString(p.text)
				p.lead = len(normalise(p.text[:n]+"a")) - 1 // what strips at the end finds a letter there
			}
			p.text = normalise(p.text)
			out = a.normal.cut(out, p)
		} else {
			out = append(out, p)
		}
	}
	return out
}

// finder finds the leftmost and, of those, the longest of its texts.
type finder struct {
	byFirst [256][]needle
	any     bool
}

type needle struct {
	text  string
	token addedToken
}

func (f *finder) add(text string, t addedToken) {
	f.any = true
	f.byFirst[text[0]] = append(f.byFirst[text[0]], needle{text, t})
}

func (f *finder) sort() {
	for _, list := range f.byFirst {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) > len(list[j].text) })
	}
}

func (f *finder) at(s string) *needle {
	for i, n := range f.byFirst[s[0]] {
		if strings.HasPrefix(s, n.text) {
			return &f.byFirst[s[0]][i]
		}
	}
	return nil
}

func (f *finder) cut(out []piece, p piece) []piece {
	if !f.any {
		return appendPart(out, p, 0, len(p.text))
	}
	from, s := 0, p.text
	for i := 0; i < len(s); {
		n := f.at(s[i:])
		if n == nil {
			i++
			continue
		}
		start, stop := i, i+len(n.text)
		i = stop
		if n.token.SingleWord && (wordBefore(s[:start]) || wordAfter(s[stop:])) {
			continue
		}
		if n.token.LStrip {
			start = max(from, len(strings.TrimRightFunc(s[:start], unicode.IsSpace)))
		}
		if n.token.RStrip {
			stop = len(s) - len(strings.TrimLeftFunc(s[stop:], unicode.IsSpace))
		}
		out = appendPart(out, p, from, start)
		out = append(out, piece{text: s[start:stop], id: n.token.ID})
		from, i = stop, max(i, stop)
	}
	return appendPart(out, p, from, len(s))
}

func wordBefore(s string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	return n > 0 && isWord(r)
}

func wordAfter(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n > 0 && isWord(r)
}

// isWord tells what \w of Unicode does.
func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.Is(unicode.Nd, r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Pc, r) ||
		unicode.Is(unicode.Other_Alphabetic, r) || r == 0x200C || r == 0x200D
}
