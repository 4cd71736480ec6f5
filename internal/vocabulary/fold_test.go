package vocabulary

import (
	"testing"
	"unicode"

	"golang.org/x/text/width"
)

func TestHalfWidthIsTheFoldOfTheWidthPackage(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if s := string(r); HalfWidth(s) != width.Fold.String(s) {
			t.Fatalf("%U becomes %q, want %q", r, HalfWidth(s), width.Fold.String(s))
		}
	}
}
