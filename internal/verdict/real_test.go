package verdict

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
)

// readReal reads the pairs of real demands and real patents that testdata/real marks; none where
// the data is not there. Half of the demands teach.
func (l *library) readReal(t testing.TB) {
	t.Helper()
	dir := os.Getenv("DUIJIE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	for _, file := range []string{"bdci2019/queries.jsonl", "bdci2022/patents.jsonl"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			return
		}
	}
	demands, patents := map[string]*match.Demand{}, map[string]*match.Patent{}
	for _, q := range golden.Lines[struct {
		ID          string `json:"_id"`
		Title, Text string
	}](t, filepath.Join(dir, "bdci2019", "queries.jsonl")) {
		demands[q.ID] = &match.Demand{ID: q.ID, Title: q.Title, Text: q.Text}
	}
	for _, p := range golden.Lines[struct{ ID, Title, Abstract string }](t, filepath.Join(dir, "bdci2022", "patents.jsonl")) {
		patents[p.ID] = &match.Patent{Number: p.ID, Title: p.Title, Abstract: p.Abstract}
	}
	for _, a := range golden.Lines[annotated](t, "testdata/real/pairs.jsonl") {
		d, p := demands[a.Demand], patents[a.Patent]
		if d == nil || p == nil {
			t.Fatalf("%s, %s: not in the data", a.Demand, a.Patent)
		}
		if l.demands[a.Demand] == nil {
			l.demands[a.Demand] = l.read(t, demandFields(d))
		}
		if l.patents[a.Patent] == nil {
			l.patents[a.Patent] = l.read(t, patentFields(p))
		}
		if group(a.Demand)%2 == 0 {
			l.real = append(l.real, a)
		} else {
			l.realHeld = append(l.realHeld, a)
		}
	}
}
