package match_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

// ipcForm is the form of a symbol once its version and blanks are gone.
var ipcForm = regexp.MustCompile(`^([A-H])(?:(\d\d)(?:([A-Z])(?: ?0*(\d{1,4})(?:/(\d{1,6}))?)?)?)?$`)

// normaliseIPC is what NormaliseIPC does, by the form.
func normaliseIPC(s string) (string, bool) {
	s, _, _ = strings.Cut(s, "(")
	s = strings.ToUpper(strings.TrimSpace(s))
	if head, tail, ok := strings.Cut(s, " "); ok {
		s = head + " " + strings.ReplaceAll(tail, " ", "")
	}
	m := ipcForm.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	out := m[1] + m[2] + m[3]
	if m[4] != "" {
		out += " " + m[4]
	}
	if m[5] != "" {
		out += "/" + m[5]
	}
	return out, true
}

func TestSymbolsAreNormalisedAsTheirFormSays(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"H", "h", "I", "A", "01", "10", "0", "00", "7", "M", "m", " ", "  ", "/", "0525", "00012", "123456", "(2010.01)I", "５", "é", "\xff", "-"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(t, "pieces"), "")
		if rapid.Bool().Draw(t, "likely") {
			s = "H01M" + s
		}
		got, ok := match.NormaliseIPC(s)
		if want, wantOK := normaliseIPC(s); got != want || ok != wantOK {
			t.Errorf("%q becomes %q, %v; want %q, %v", s, got, ok, want, wantOK)
		}
	})
}

func BenchmarkNormaliseIPC(b *testing.B) {
	for b.Loop() {
		match.NormaliseIPC("H01M10/0525(2010.01)I")
	}
}
