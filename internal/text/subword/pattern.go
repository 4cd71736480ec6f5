package subword

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// pattern is a regular expression of a tokenizer.json. They are written for
// Oniguruma, whose classes are those of Unicode and which knows lookahead. The
// one lookahead in use, which leaves the last space of several to the next word,
// is done apart.
type pattern struct {
	expression *regexp.Regexp
	rest       int // the group of spaces of which the last may stay; 0 is none
}

// spacesButLast and its replacement: both take spaces, one by one rule.
const (
	spacesButLast = `\s+(?!\S)|\s+`
	spacesGroup   = `(?P<rest>\s+)`
)

// classes are what Oniguruma's short forms stand for, without brackets.
var classes = map[byte]string{
	's': `\t-\r\x{85}\p{Z}`,
	'd': `\p{Nd}`,
	'w': `\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}`,
}

// newPattern translates an expression. Errors are of kind Invalid.
func newPattern(s string) (*pattern, error) {
	p := &pattern{}
	translated, err := translate(strings.Replace(s, spacesButLast, spacesGroup, 1))
	if err != nil {
		return nil, err
	}
	if p.expression, err = regexp.Compile("(?m)" + translated); err != nil {
		return nil, match.Invalidf("pattern", fmt.Sprintf("%q is not implemented: %v", s, err))
	}
	if p.expression.MatchString("") {
		return nil, match.Invalidf("pattern", fmt.Sprintf("%q matches nothing at all", s))
	}
	p.rest = max(0, p.expression.SubexpIndex("rest"))
	return p, nil
}

// literal matches s itself.
func literal(s string) *pattern { return &pattern{expression: regexp.MustCompile(regexp.QuoteMeta(s))} }

// translate spells the short forms out.
func translate(s string) (string, error) {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			spelled, err := spell(s[i], inClass)
			if err != nil {
				return "", err
			}
			b.WriteString(spelled)
			continue
		}
		switch {
		case c == '[' && inClass:
			return "", match.Invalidf("pattern", fmt.Sprintf("%q has a class within a class, which is not implemented", s))
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

// spell gives what stands for a backslash and c.
func spell(c byte, inClass bool) (string, error) {
	if class, ok := classes[c]; ok {
		if inClass {
			return class, nil
		}
		return "[" + class + "]", nil
	}
	if class, ok := classes[c|0x20]; ok {
		if inClass {
			return "", match.Invalidf("pattern", fmt.Sprintf(`\%c within a class is not implemented`, c))
		}
		return "[^" + class + "]", nil
	}
	if strings.IndexByte("pPrntfvx.()[]{}*+?|^$/-'\"\\", c) < 0 {
		return "", match.Invalidf("pattern", fmt.Sprintf(`\%c is not implemented`, c))
	}
	return string([]byte{'\\', c}), nil
}

// find gives the next match at or after a place; from is -1 for none.
func (p *pattern) find(s string, at int) (from, to int) {
	if p.rest == 0 {
		m := p.expression.FindStringIndex(s[at:])
		if m == nil {
			return -1, -1
		}
		return at + m[0], at + m[1]
	}
	m := p.expression.FindStringSubmatchIndex(s[at:])
	if m == nil {
		return -1, -1
	}
	from, to = at+m[0], at+m[1]
	if m[2*p.rest] < 0 || to == len(s) {
		return from, to
	}
	if _, last := utf8.DecodeLastRuneInString(s[from:to]); from+last < to {
		to -= last // the last space belongs to what follows
	}
	return from, to
}

// aged puts older characters of the same kind and length in the place of those
// that are newer than Go's tables.
func aged(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x897 && unicode.In(r, letter16, mark16, digit16) }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		long := utf8.RuneLen(r) == 4
		switch {
		case unicode.Is(letter16, r) && long:
			return 0x20000
		case unicode.Is(letter16, r):
			return 0x4E00
		case unicode.Is(mark16, r) && long:
			return 0x1D165
		case unicode.Is(mark16, r):
			return 0x0941
		case unicode.Is(digit16, r):
			return 0x1D7CE
		}
		return r
	}, s)
}

// behaviour says what becomes of the matches of a split.
type behaviour string

const (
	removed      behaviour = "Removed"
	isolated     behaviour = "Isolated"
	contiguous   behaviour = "Contiguous"
	withPrevious behaviour = "MergedWithPrevious"
	withNext     behaviour = "MergedWithNext"
)

func (b behaviour) known() bool {
	return b == removed || b == isolated || b == contiguous || b == withPrevious || b == withNext
}

// part is a stretch of a text that a split found, or that lies between.
type part struct {
	from, to int
	hit      bool
}

// parts covers s.
func (p *pattern) parts(s string) []part {
	var out []part
	s = aged(s)
	at := 0
	for at < len(s) {
		from, to := p.find(s, at)
		if from < 0 {
			break
		}
		if at < from {
			out = append(out, part{from: at, to: from})
		}
		out = append(out, part{from: from, to: to, hit: true})
		at = to
	}
	if at < len(s) {
		out = append(out, part{from: at, to: len(s)})
	}
	return out
}

func (p *pattern) split(out []piece, of piece, b behaviour) []piece {
	return b.join(out, of, p.parts(of.text))
}

// runes covers s with its characters, hits where is says so, as parts of one
// character; what is no hit is joined.
func runes(s string, is func(rune) bool) []part {
	var out []part
	from := 0
	for i, r := range s {
		if !is(r) {
			continue
		}
		if from < i {
			out = append(out, part{from: from, to: i})
		}
		from = i + utf8.RuneLen(r)
		out = append(out, part{from: i, to: from, hit: true})
	}
	if from < len(s) {
		out = append(out, part{from: from, to: len(s)})
	}
	return out
}

// join appends the parts of a piece to out.
func (b behaviour) join(out []piece, of piece, parts []part) []piece {
	switch b {
	case withPrevious:
		parts = joinPrevious(parts)
	case withNext:
		parts = joinNext(parts)
	case contiguous:
		parts = joinEqual(parts)
	}
	for _, p := range parts {
		if b != removed || !p.hit {
			out = appendPart(out, of, p.from, p.to)
		}
	}
	return out
}

// joinPrevious gives a hit to what is no hit before it.
func joinPrevious(parts []part) []part {
	var out []part
	for i, p := range parts {
		if p.hit && i > 0 && !parts[i-1].hit {
			out[len(out)-1].to = p.to
		} else {
			out = append(out, p)
		}
	}
	return out
}

// joinNext gives a hit to what is no hit after it.
func joinNext(parts []part) []part {
	var out []part
	for i, p := range parts {
		if !p.hit && i > 0 && parts[i-1].hit {
			out[len(out)-1].to = p.to
		} else {
			out = append(out, p)
		}
	}
	return out
}

func joinEqual(parts []part) []part {
	var out []part
	for i, p := range parts {
		if i > 0 && p.hit == parts[i-1].hit {
			out[len(out)-1].to = p.to
		} else {
			out = append(out, p)
		}
	}
	return out
}

func isNumeric(r rune) bool { return unicode.IsNumber(r) || unicode.Is(number17, r) }
