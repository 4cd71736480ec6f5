package explain

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

const want = "用纳米氧化铝包覆隔膜，使锂电池在150℃下不收缩。"

// demand asks for something that filler does not speak of.
var demand = match.NewDemand(match.DefaultTenant, match.Demand{
	ID: "D", Title: "锂电池隔膜高温收缩", Text: "锂电池隔膜在高温下收缩，需要用纳米氧化铝包覆来解决。希望有中试经验。",
})

// filler is n code points of claims on bread, no two of them alike.
func filler(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < 4*n; i++ {
		fmt.Fprintf(&b, "%d.根据权利要求%d所述的面包烘焙方法，其特征在于面团在%d℃发酵%d分钟后加入葡萄干。\n", i, i/2+1, 25+i%13, 30+i%41)
	}
	return string([]rune(b.String())[:n])
}

// withClaims is a patent with claims of n code points, and want after the first at.
func withClaims(n, at int) match.Record {
	f := []rune(filler(n - utf8.RuneCountInString(want) - 1))
	claims := string(f[:at]) + "\n" + want + string(f[at:])
	return match.NewPatent(match.DefaultTenant, match.Patent{
		Number: "CN1", Title: "一种食品加工方法", Abstract: "本发明公开了一种面包的烘焙方法。", Claims: claims,
	})
}

func explainer(t testing.TB) *Explainer {
	t.Helper()
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return &Explainer{Embedder: m}
}

func side(t testing.TB, e *Explainer, r *match.Record) *Side {
	t.Helper()
	s, err := e.Side(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func explained(t testing.TB, e *Explainer, query, hit match.Record) *match.Explanation {
	t.Helper()
	x, err := e.Explain(t.Context(), side(t, e, &query), side(t, e, &hit), match.Score{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestTheSentenceThatMattersIsFoundWhereverItStands(t *testing.T) {
	for _, n := range []int{500, 5_000, 50_000, 400_000} {
		for _, share := range []float64{0, 0.5, 0.9, 1} {
			t.Run(fmt.Sprintf("claims of %d code points, after %.0f%%", n, 100*share), func(t *testing.T) {
				patent := withClaims(n, int(share*float64(n-utf8.RuneCountInString(want)-1)))
				for _, x := range []*match.Explanation{
					explained(t, explainer(t), demand, patent),
					explained(t, explainer(t), patent, demand),
				} {
					checkFound(t, x, patent)
				}
			})
		}
	}
}

// checkFound wants the sentence as evidence, with its place, and its words as terms.
func checkFound(t *testing.T, x *match.Explanation, patent match.Record) {
	t.Helper()
	if len(x.Evidence) == 0 {
		t.Fatal("no evidence")
	}
	span := x.Evidence[0].Patent
	if span.Field != "claims" || !strings.HasPrefix(want, span.Text) {
		t.Errorf("the best evidence is %s %q", span.Field, span.Text)
	}
	if got := text.Slice(patent.Patent.Claims, text.Range{Start: span.Start, End: span.End}); got != span.Text {
		t.Errorf("%d–%d reads %q, the span says %q", span.Start, span.End, got, span.Text)
	}
	if !slices.ContainsFunc(x.Terms, func(m match.Term) bool { return m.Text == "用纳米氧化铝包覆" && len(m.Patent) == 1 }) {
		t.Errorf("terms %+v, want 用纳米氧化铝包覆 with its place", x.Terms)
	}
}

func TestTwoLongTextsFindEachOther(t *testing.T) {
	long := demand
	body := *demand.Demand
	for i := range 1200 {
		body.Text = fmt.Sprintf("第%d号车间的照明灯具于%d年安装，由行政部每季度检查一次线路和开关。\n", i, 1990+i%30) + body.Text
	}
	long.Demand = &body
	x := explained(t, explainer(t), long, withClaims(50_000, 40_000))
	for _, e := range x.Evidence {
		if strings.Contains(e.Demand.Text, "纳米氧化铝") && strings.Contains(e.Patent.Text, "纳米氧化铝") {
			return
		}
	}
	t.Errorf("evidence %+v", x.Evidence)
}

func TestASideAnswersEachOtherSideAsIfItWereTheFirst(t *testing.T) {
	e := explainer(t)
	patent := withClaims(50_000, 25_000)
	other := demand
	body := *demand.Demand
	body.Title, body.Text = "面包发酵", "面团发酵时间太长，需要缩短。"
	other.Demand = &body
	query := side(t, e, &patent)
	for _, d := range []match.Record{other, demand, other} {
		got, err := e.Explain(t.Context(), query, side(t, e, &d), match.Score{})
		if err != nil {
			t.Fatal(err)
		}
		alone := explained(t, e, patent, d)
		if diff := cmp.Diff(alone.Evidence, got.Evidence); diff != "" {
			t.Errorf("%s (-alone +after others):\n%s", d.Demand.Title, diff)
		}
	}
}

// counting counts the code points that are embedded.
type counting struct {
	embed.Embedder
	chars int
}

func (c *counting) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	for _, s := range texts {
		c.chars += utf8.RuneCountInString(s)
	}
	return c.Embedder.Embed(ctx, role, texts)
}

func TestWhatIsEmbeddedForAnExplanationIsBounded(t *testing.T) {
	for _, n := range []int{50_000, 200_000, 1_000_000} {
		c := &counting{Embedder: explainer(t).Embedder}
		explained(t, &Explainer{Embedder: c}, demand, withClaims(n, n/2))
		const most = maxChars + 100 // and the demand
		if c.chars > most {
			t.Errorf("claims of %d code points: %d are embedded, at most %d are allowed", n, c.chars, most)
		}
	}
}

func TestAnEmbedderThatFailsIsReported(t *testing.T) {
	patent := withClaims(50_000, 100)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := explainer(t).Side(ctx, &patent); err == nil {
		t.Errorf("no error but %+v", s)
	}
	e := explainer(t)
	long := withClaims(400_000, 100)
	if x, err := e.Explain(ctx, side(t, e, &demand), side(t, e, &long), match.Score{}); err == nil {
		t.Errorf("a long text: no error but %+v", x)
	}
}

func BenchmarkExplain(b *testing.B) {
	e := explainer(b)
	for _, n := range []int{300, 5_000, 50_000, 1_000_000} {
		patent := withClaims(n, n/2)
		b.Run(fmt.Sprint("claims=", n), func(b *testing.B) {
			for b.Loop() {
				explained(b, e, demand, patent)
			}
		})
	}
}
