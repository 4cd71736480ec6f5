package verdict

import (
	"fmt"
	"testing"

	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
)

// TestTwoReadersAgree compares 30 pairs, chosen by a hash, with the
// verdicts of a second reader who knew the rules of annotation and the elements, but
// neither verdicts nor level: more than that can hardly be asked of a program.
func TestTwoReadersAgree(t *testing.T) {
	type reading struct {
		Demand, Patent string
		Verdicts       []match.Verdict
	}
	first := map[[2]string]annotated{}
	for _, a := range annotation(t) {
		first[[2]string{a.Demand, a.Patent}] = a
	}
	var out measured
	readings := golden.Lines[reading](t, "testdata/reread.jsonl")
	for _, r := range readings {
		a := first[[2]string{r.Demand, r.Patent}]
		if len(a.Elements) == 0 || len(a.Elements) != len(r.Verdicts) {
			t.Fatalf("%s %s: %d verdicts on %d elements", r.Demand, r.Patent, len(r.Verdicts), len(a.Elements))
		}
		for i, e := range a.Elements {
			out.add(e.Kind, e.Verdict, r.Verdicts[i])
		}
	}
	golden.Check(t, "testdata/agreement.txt", fmt.Sprintf("A second reader against the annotation, %d pairs\n%v", len(readings), &out), *update)
}
