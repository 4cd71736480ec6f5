package ingest

import (
	"strconv"
	"strings"
)

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
