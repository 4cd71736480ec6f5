package indextest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// symbols are found by what stands above them in the scheme, as the filter of a request asks.
func (s *suite) symbols(t *testing.T) {
	ix := s.new(t)
	var points []index.Point
	for i, symbol := range []string{"H01M 10/0525", "H01M 10/052", "H01M 10/05", "H01M 10/056", "H01M 10/06", "H01M 10/42", "H01M 10/00", "H01M 4/05", "H01M 100/05", "H01M"} {
		p := text(symbol, s.between(1-float64(i)/32))
		r := match.NewPatent(match.DefaultTenant, match.Patent{Number: symbol, IPC: []string{symbol}})
		p.Payload = r.Payload()
		points = append(points, p)
	}
	upsert(t, ix, points...)
	for asked, want := range map[string][]string{
		"H01M 10/05":    {"H01M 10/0525", "H01M 10/052", "H01M 10/05", "H01M 10/056"},
		"h01m10/052":    {"H01M 10/0525", "H01M 10/052"},
		"H01M 10/0525":  {"H01M 10/0525"},
		"H01M 10/05251": nil,
		"H01M 10/00":    {"H01M 10/0525", "H01M 10/052", "H01M 10/05", "H01M 10/056", "H01M 10/06", "H01M 10/42", "H01M 10/00"},
		"H01M 10":       {"H01M 10/0525", "H01M 10/052", "H01M 10/05", "H01M 10/056", "H01M 10/06", "H01M 10/42", "H01M 10/00"},
		"H01M 4":        {"H01M 4/05"},
		"H01M 1":        nil,
	} {
		conditions, err := match.Filter{IPC: []string{asked}}.Conditions(match.PatentKind, match.DefaultTenant, "2026-11-01")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Conditions: conditions, Limit: len(points)}) {
			got = append(got, h.Key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", asked, diff)
		}
	}
}
