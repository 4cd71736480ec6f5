package verdict

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// required gives the last figure of a demand as an element, and the patent.
func required(t *testing.T, asked, stated string) (w *wanted, d, p *Record) {
	t.Helper()
	l := &library{judge: newJudge(t)}
	d, p = l.read(t, []Field{{Name: "title"}, {Name: "text", Text: asked}}), l.read(t, []Field{{Name: "title"}, {Name: "abstract", Text: stated}})
	wants, err := l.judge.Wants(t.Context(), d, []Element{{match.QuantityElement, "text", text.Range{End: len([]rune(asked))}}})
	if err != nil {
		t.Fatal(err)
	}
	return wants.elements[0], d, p
}

func TestTheLevelThatIsLeftIsNoResult(t *testing.T) {
	names := map[outcome]string{met: "met", overlaps: "overlaps", unmet: "unmet"}
	for _, c := range []struct {
		asked, stated string
		want          []string // what each figure says that may answer
	}{
		{"腹泻率不超过8%", "腹泻率从18%下降到6%。", []string{"6% met"}},
		{"收率≥80%", "收率由60%提高到85%。", []string{"85% met"}},
		{"噪声≤65dB", "噪声由78dB(A)降低到62dB(A)。", []string{"62dB met"}},
		{"漏检率≤1%", "漏检率从2%降低为0.5%。", []string{"0.5% met"}},
		{"COD≤50mg/L", "COD由180mg/L降至45mg/L。", []string{"45mg/L met"}},
		{"moisture ≤ 5 %", "Moisture falls from 9 % to 4 %.", []string{"4% met"}},
		{"coercivity at least 20 kOe", "Coercivity rises from 15 to 25 kOe.", []string{"25kOe met"}},
		{"电耗降低30%以上", "电耗由100kWh/t降为60kWh/t。", []string{"40% met"}},
		{"报损率下降四分之一", "报损率由16%降至10%。", []string{"37.5% met"}},
		{"透气值增加不超过60s", "透气值由150增至195s。", []string{"45s met"}},
		{"阻力增加不超过10Pa", "阻力由50Pa增至95Pa。", []string{"45Pa unmet"}},
	} {
		w, d, p := required(t, c.asked, c.stated)
		if w.figure == nil {
			t.Errorf("%s: no figure", c.asked)
			continue
		}
		var got []string
		for _, o := range p.offers(w, d) {
			if f := o.figure; o.asked.figure.Change == f.Change {
				got = append(got, number(f.Low)+f.Unit.Symbol+" "+names[o.served()])
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s: %s", c.asked, c.stated, diff)
		}
	}
}
