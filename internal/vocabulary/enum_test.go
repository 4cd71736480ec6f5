package vocabulary_test

import (
	"testing"

	"github.com/duijie/duijie/internal/vocabulary"
)

func TestWhatIsListedInChineseCanBeRead(t *testing.T) {
	for _, want := range vocabulary.EventTypes.Values {
		if got, ok := vocabulary.EventTypes.Find(want.Words().ZH); !ok || got != want || want.Words().ZH == string(want) {
			t.Errorf("%s is listed as %s, which is read as %q", want, want.Words().ZH, got)
		}
	}
	for _, want := range vocabulary.RejectionReasons.Values {
		if got, ok := vocabulary.RejectionReasons.Find(want.Words().ZH); !ok || got != want || want.Words().ZH == string(want) {
			t.Errorf("%s is listed as %s, which is read as %q", want, want.Words().ZH, got)
		}
	}
}
