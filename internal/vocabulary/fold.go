package vocabulary

import (
	"strings"

	"golang.org/x/text/width"
)

// HalfWidth gives the half-width form of s: Ａ and （ become A and (. Most strings
// have no such character and are returned as they are.
func HalfWidth(s string) string {
	if strings.IndexFunc(s, wide) < 0 {
		return s
	}
	return width.Fold.String(s)
}

// wide tells whether width.Fold changes a character: the blank of Chinese text,
// and the block of half-width and full-width forms.
func wide(r rune) bool { return r == 0x3000 || r >= 0xff01 && r <= 0xffee }

// Fold is s for comparing: half width, lower case, trimmed.
func Fold(s string) string { return strings.ToLower(strings.TrimSpace(HalfWidth(s))) }
