package index

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

var good = Spec{Collection: "patents", Model: "m", Dim: 2, Vectors: []string{"text", "claims"}}

func TestBadSpecIsRefusedByField(t *testing.T) {
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for named, change := range map[string]func(*Spec){
		"collection: ": func(s *Spec) { s.Collection = "../x" },
		"model: ":      func(s *Spec) { s.Model = "" },
		"dim: ":        func(s *Spec) { s.Dim = 0 },
		"vectors: ":    func(s *Spec) { s.Vectors = nil },
		"vectors[1]: ": func(s *Spec) { s.Vectors = []string{"a", "a"} },
	} {
		spec := good
		change(&spec)
		err := spec.Validate()
		if err == nil || match.KindOf(err) != match.Invalid || !strings.HasPrefix(err.Error(), named) {
			t.Errorf("got %v, want an error that begins with %q", err, named)
		}
	}
}

func TestMessageOfABadPointIsTheSameEachTime(t *testing.T) {
	bad := []Point{{Key: "k", Vectors: map[string][]float32{"text": {1}, "claims": {2, 0}, "x": nil, "y": nil}}}
	first := good.CheckPoints(bad).Error()
	for range 50 {
		if again := good.CheckPoints(bad).Error(); again != first {
			t.Fatalf("%q, then %q", first, again)
		}
	}
}
