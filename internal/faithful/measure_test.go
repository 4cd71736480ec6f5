package faithful_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/faithful"
	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

var update = flag.Bool("update", false, "rewrite testdata/faithfulness_stats.txt")

func open(t testing.TB) (*instance.Instance, []match.Ref) {
	t.Helper()
	in, err := instance.Open(t.Context(), instance.Config{Data: t.TempDir(), Now: sample.Now, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	var items []store.Item
	var demands []match.Ref
	for _, r := range s.Records() {
		items = append(items, store.Item{Record: r})
		if r.Kind == match.DemandKind {
			demands = append(demands, r.Ref)
		}
	}
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	return in, demands
}

// TestEvidenceCarriesTheScore holds what explanations are to reach over the sample's
// demands, ten hits each.
func TestEvidenceCarriesTheScore(t *testing.T) {
	if raceEnabled {
		t.Skip("the same without the race detector is enough")
	}
	in, demands := open(t)
	r, err := faithful.Measure(t.Context(), in.Engine, demands, faithful.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.MostShare > 0.3 {
		t.Errorf("%.3f of a text is cited, want 0.3 at most", r.MostShare)
	}
	if cited := float64(r.Cited) / float64(r.Hits); cited < 0.95 {
		t.Errorf("%.3f of the hits have evidence", cited)
	}
	if r.Lower < 0.9 {
		t.Errorf("%.3f of the hits score lower without their evidence, want 0.9", r.Lower)
	}
	if r.LowerThanOthers < 0.85 {
		t.Errorf("%.3f of the hits fall by more than without as much other text, want 0.85", r.LowerThanOthers)
	}
	var b strings.Builder
	for _, row := range r.Rows() {
		fmt.Fprintf(&b, "%-44s %s\n", row.Name.EN, row.Value)
	}
	golden.Check(t, "testdata/faithfulness_stats.txt", b.String(), *update)
}
