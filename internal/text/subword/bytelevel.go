package subword

import (
	"strings"
	"sync"
)

// byteNames are the characters that stand for bytes in byte-level vocabularies:
// those that can be seen stand for themselves, the others from U+0100 on.
var byteNames = func() (names [256]string) {
	next := rune(0x100)
	for b := range rune(256) {
		switch {
		case b >= '!' && b <= '~', b >= 0xA1 && b <= 0xAC, b >= 0xAE:
			names[b] = string(b)
		default:
			names[b] = string(next)
			next++
		}
	}
	return names
}()

func nameBytes(s string) string {
	var b strings.Builder
	b.Grow(2 * len(s))
	for i := range len(s) {
		b.WriteString(byteNames[s[i]])
	}
	return b.String()
}

// gptWords is the split of GPT-2.
const gptWords = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

var gptPattern = sync.OnceValue(func() *pattern {
	p, err := newPattern(gptWords)
	if err != nil {
		panic(err) // of a constant
	}
	return p
})

type byteLevelForm struct {
	Type        string `json:"type"`
	AddPrefix   bool   `json:"add_prefix_space"`
	TrimOffsets bool   `json:"trim_offsets"` // of places, which are not given here
	UseRegex    *bool  `json:"use_regex"`
}

func newByteLevel(raw []byte) (splitter, error) {
	form := byteLevelForm{AddPrefix: true}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	words := form.UseRegex == nil || *form.UseRegex
	return func(out []piece, p piece) []piece {
		if form.AddPrefix && !strings.HasPrefix(p.text, " ") {
			p.text = " " + p.text
		}
		from := len(out)
		if words {
			out = gptPattern().split(out, p, isolated)
		} else {
			out = append(out, p)
		}
		for i := range out[from:] {
			out[from+i].text = nameBytes(out[from+i].text)
		}
		return out
	}, nil
}
