package ingest

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fast reads JSON in one pass, several times faster than json.Decoder. It gives up
// on whatever is not in order, and leaves it to parseSlowly to say what that is.
// A fuzz test keeps the two in agreement.
type fast struct {
	s  string
	at int
}

// parseFast reads one object and nothing else. Its strings are parts of s.
func parseFast(s string) (object, bool) {
	if !utf8.ValidString(s) {
		return nil, false
	}
	p := fast{s: s}
	if p.peek() != '{' {
		return nil, false
	}
	value, ok := p.value(0)
	if !ok || p.peek() != 0 || p.at < len(s) {
		return nil, false
	}
	return value.(object), true
}

// peek skips white space and gives the byte behind it, 0 at the end.
func (p *fast) peek() byte {
	for ; p.at < len(p.s); p.at++ {
		if c := p.s[p.at]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c
		}
	}
	return 0
}

// take skips white space and one byte if that is c.
func (p *fast) take(c byte) bool {
	if p.peek() != c || p.at == len(p.s) {
		return false
	}
	p.at++
	return true
}

func (p *fast) value(depth int) (any, bool) {
	switch p.peek() {
	case '"':
		return p.text()
	case '{':
		return p.members(depth)
	case '[':
		return p.list(depth)
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	}
	return p.number()
}

func (p *fast) word(w string) bool {
	if !strings.HasPrefix(p.s[p.at:], w) {
		return false
	}
	p.at += len(w)
	return true
}

func (p *fast) list(depth int) (any, bool) {
	out := []any{}
	if p.at++; p.take(']') {
		return out, depth < maxDepth
	}
	for depth < maxDepth {
		value, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		out = append(out, value)
		if p.take(']') {
			return out, true
		}
		if !p.take(',') {
			return nil, false
		}
	}
	return nil, false
}

func (p *fast) members(depth int) (any, bool) {
	out := make(object, 0, 16)
	if p.at++; p.take('}') {
		return out, depth < maxDepth
	}
	for depth < maxDepth && len(out) < maxFastMembers {
		if p.peek() != '"' {
			return nil, false
		}
		name, ok := p.text()
		if !ok || out.has(name) || !p.take(':') {
			return nil, false
		}
		value, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		out = append(out, member{name, value})
		if p.take('}') {
			return out, true
		}
		if !p.take(',') {
			return nil, false
		}
	}
	return nil, false
}

// maxFastMembers bounds the search for names given twice, which is over a list.
const maxFastMembers = 200

func (o object) has(name string) bool {
	for i := range o {
		if o[i].name == name {
			return true
		}
	}
	return false
}

// text reads a string whose opening quote is at p.at.
func (p *fast) text() (string, bool) {
	start := p.at + 1
	for i := start; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.at = i + 1
			return p.s[start:i], true
		case c == '\\':
			return p.escaped(start, i)
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// escaped reads the rest of a string from its first backslash on.
func (p *fast) escaped(start, i int) (string, bool) {
	var b strings.Builder
	b.WriteString(p.s[start:i])
	for i < len(p.s) {
		switch c := p.s[i]; {
		case c == '"':
			p.at = i + 1
			return b.String(), true
		case c < ' ':
			return "", false
		case c != '\\':
			b.WriteByte(c)
			i++
		default:
			r, size := unescape(p.s[i:])
			if size == 0 {
				return "", false
			}
			b.WriteRune(r)
			i += size
		}
	}
	return "", false
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape reads the escape at the beginning of s; its size is 0 where it is none,
// or half a surrogate pair.
func unescape(s string) (r rune, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	if s[1] != 'u' {
		r, ok := escapes[s[1]]
		if !ok {
			return 0, 0
		}
		return r, 2
	}
	high, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if high < 0xd800 || high > 0xdfff {
		return high, 6
	}
	low, ok := hex4(s[6:])
	if !ok || high >= 0xdc00 || low < 0xdc00 || low > 0xdfff {
		return 0, 0
	}
	return (high-0xd800)<<10 | (low - 0xdc00) + 0x10000, 12
}

func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

// number reads a number: -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?
func (p *fast) number() (any, bool) {
	start := p.at
	if p.at < len(p.s) && p.s[p.at] == '-' {
		p.at++
	}
	if p.at < len(p.s) && p.s[p.at] == '0' {
		p.at++
	} else if !p.digits() {
		return nil, false
	}
	if p.at < len(p.s) && p.s[p.at] == '.' {
		if p.at++; !p.digits() {
			return nil, false
		}
	}
	if p.at < len(p.s) && p.s[p.at]|0x20 == 'e' {
		if p.at++; p.at < len(p.s) && (p.s[p.at] == '+' || p.s[p.at] == '-') {
			p.at++
		}
		if !p.digits() {
			return nil, false
		}
	}
	return json.Number(p.s[start:p.at]), true
}

func (p *fast) digits() bool {
	start := p.at
	for p.at < len(p.s) && p.s[p.at] >= '0' && p.s[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}
