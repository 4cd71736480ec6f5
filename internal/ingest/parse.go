package ingest

import (
	"encoding/json"
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
