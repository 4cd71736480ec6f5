package subword

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/duijie/duijie/internal/match"
)

// precompiled are sentencepiece's rules: a double array (Darts-clone) of what is
// replaced, and the replacements, each ended by a NUL.
//
//	┌──────────────────────┬──────────────────────┬──────────────────┐
//	│ bytes of the array (4)│ units, 4 bytes each  │ replacements …   │
//	└──────────────────────┴──────────────────────┴──────────────────┘
//
// Numbers are little-endian. A unit has a label in bits 0–7 and 31, a leaf flag
// in bit 8, and from bit 9 the offset of its children; a leaf's value fills bits
// 0–30.
type precompiled struct {
	units []uint32
	texts []byte
}

func newPrecompiled(raw json.RawMessage) (normaliser, error) {
	var form struct {
		Type string `json:"type"`
		Map  string `json:"precompiled_charsmap"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	bad := match.Invalidf("normalizer.precompiled_charsmap", "is not a map of sentencepiece")
	blob, err := base64.StdEncoding.DecodeString(form.Map)
	if err != nil || len(blob) < 4 {
		return nil, bad
	}
	size := binary.LittleEndian.Uint32(blob)
	blob = blob[4:]
	if size == 0 || size%4 != 0 || uint64(size) > uint64(len(blob)) {
		return nil, bad
	}
	p := &precompiled{units: make([]uint32, size/4), texts: blob[size:]}
	for i := range p.units {
		p.units[i] = binary.LittleEndian.Uint32(blob[4*i:])
	}
	return p.normalise, nil
}

// normalise replaces what the reader sees as one character, if it is short, and
// else each code point.
func (p *precompiled) normalise(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for len(s) > 0 {
		n := grapheme(s)
		if text, ok := p.replacement(s[:n]); ok && n < 6 {
			b.WriteString(text)
			s = s[n:]
			continue
		}
		for _, r := range s[:n] {
			one := string(r)
			if text, ok := p.replacement(one); ok {
				one = text
			}
			b.WriteString(one)
		}
		s = s[n:]
	}
	return b.String()
}

// replacement is that of the shortest beginning of s that has one.
func (p *precompiled) replacement(s string) (string, bool) {
	at := offset(p.units[0])
	for i := range len(s) {
		c := uint32(s[i])
		if c == 0 {
			return "", false
		}
		at ^= c
		if at >= uint32(len(p.units)) {
			return "", false
		}
		unit := p.units[at]
		if unit&(1<<31|0xFF) != c {
			return "", false
		}
		at ^= offset(unit)
		if unit>>8&1 == 1 {
			return p.text(at)
		}
	}
	return "", false
}

func offset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }

// text is the replacement that the leaf at a place leads to.
func (p *precompiled) text(at uint32) (string, bool) {
	if at >= uint32(len(p.units)) {
		return "", false
	}
	from := p.units[at] &^ (1 << 31)
	if from > uint32(len(p.texts)) {
		return "", false
	}
	text := p.texts[from:]
	if end := bytes.IndexByte(text, 0); end >= 0 {
		text = text[:end]
	}
	return string(text), true
}

// grapheme is the length of the first cluster of s in bytes.
func grapheme(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if next, more := utf8.DecodeRuneInString(s[n:]); more == 0 || isPlain(r) && isPlain(next) {
		return n
	}
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(cluster)
}

// isPlain tells characters that never join each other: most of Latin, and Han.
func isPlain(r rune) bool { return r < 0x300 && r != '\r' || r >= 0x4E00 && r <= 0x9FFF }
