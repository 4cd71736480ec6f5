package vocabulary

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestALevelIsFoundByEachOfItsNames(t *testing.T) {
	for l := match.NoFit; l <= match.StrongFit; l++ {
		shown := LevelWords(l)
		for _, word := range []string{shown.ZH, shown.EN, string(LevelNames.Values[l-1]), string('0' + rune(l))} {
			if got, ok := Level(word); !ok || got != l {
				t.Errorf("%s: %d %v, not %d", word, got, ok, l)
			}
		}
	}
	for _, word := range []string{"", "0", "5", "好", "LEVEL_UNSPECIFIED"} {
		if got, ok := Level(word); ok {
			t.Errorf("%q is taken for %d", word, got)
		}
	}
}
