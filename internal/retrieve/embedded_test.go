package retrieve_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/cache"
	"github.com/duijie/duijie/internal/embed/passage"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
)

const (
	aboutBatteries = "本发明公开了一种锂离子电池正极材料及其制备方法。"
	aboutBread     = "一种面包的烘焙方法，其特征在于面团在三十度发酵。"
)

func patent(title, abstract, claims string) *match.Record {
	r := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Title: title, Abstract: abstract, Claims: claims})
	return &r
}

func model(t *testing.T) embed.Embedder {
	t.Helper()
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func recordVectors(t *testing.T, r *match.Record) rank.Vectors {
	t.Helper()
	got, failed, err := retrieve.EmbedRecords(t.Context(), model(t), r.Kind, []*match.Record{r})
	if err != nil || len(failed) > 0 {
		t.Fatal(err, failed)
	}
	return got[0]
}

func TestClaimsCountALittleBesideAnAbstractHoweverLongTheyAre(t *testing.T) {
	without := recordVectors(t, patent("正极材料", aboutBatteries, ""))
	var before float64
	for _, times := range []int{1, 2000} {
		with := recordVectors(t, patent("正极材料", aboutBatteries, strings.Repeat(aboutBread, times)))
		if diff := cmp.Diff(without.Title, with.Title); diff != "" {
			t.Errorf("claims change the title's vector:\n%s", diff)
		}
		c := rank.Cosine(without.Text, with.Text)
		if c > 0.9999 || c < 0.97 {
			t.Errorf("claims of %d sentences: cosine %.4f with the vector without claims, want a little less than 1", times, c)
		}
		if l := rank.Cosine(with.Text, with.Text); math.Abs(l-1) > 1e-5 {
			t.Errorf("length² %v", l)
		}
		if before != 0 && math.Abs(c-before) > 1e-3 {
			t.Errorf("cosine %.4f with long claims, %.4f with short ones", c, before)
		}
		before = c
	}
}

func TestClaimsStandInForAnAbstractThatIsMissing(t *testing.T) {
	got := recordVectors(t, patent("正极材料", "", aboutBatteries))
	want := recordVectors(t, patent("正极材料", aboutBatteries, ""))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-as abstract +as claims):\n%s", diff)
	}
}

// picky refuses texts on bread.
type picky struct{ embed.Embedder }

func (p picky) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	out, err := p.Embedder.Embed(ctx, role, texts)
	errs := map[int]error{}
	for i, text := range texts {
		if strings.Contains(text, "面包") {
			out[i], errs[i] = nil, match.Invalidf("text", "is about bread")
		}
	}
	if err == nil && len(errs) > 0 {
		err = &embed.PartialError{Errs: errs}
	}
	return out, err
}

func TestARecordWithOneRefusedTextFailsAlone(t *testing.T) {
	records := []*match.Record{
		patent("正极材料", aboutBatteries, ""), patent("正极材料", aboutBatteries, aboutBread),
		patent("面包", aboutBatteries, ""), patent("隔膜", aboutBatteries, aboutBatteries),
	}
	got, failed, err := retrieve.EmbedRecords(t.Context(), picky{model(t)}, match.PatentKind, records)
	if err != nil || len(failed) != 2 || failed[1] == nil || failed[2] == nil {
		t.Fatalf("failed %v, error %v; want records 1 and 2", failed, err)
	}
	for i, v := range got {
		if (v.Text == nil) != (failed[i] != nil) {
			t.Errorf("record %d: %d numbers, error %v", i, len(v.Text), failed[i])
		}
	}
	if match.KindOf(failed[1]) != match.Invalid {
		t.Errorf("the reason is %v", failed[1])
	}
}

// afar is a model on another machine that remembers what it was sent.
type afar struct {
	embed.Embedder
	sent []string
}

func (a *afar) Remote() bool { return true }
func (a *afar) Limit() int   { return 100 }

func (a *afar) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	a.sent = append(a.sent, texts...)
	return a.Embedder.Embed(ctx, role, texts)
}

func TestConfidentialTextsLeaveForNoOtherMachine(t *testing.T) {
	d := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D1", Title: "电池隔膜", Text: "机密：向丙公司供货", Confidential: []string{"text"}})
	far := &afar{Embedder: model(t)}
	for _, e := range []embed.Embedder{far, passage.Over(far), cached(t, far)} {
		if !embed.IsRemote(e) {
			t.Fatalf("%T is not known to send texts away", e)
		}
		if _, failed, err := retrieve.EmbedRecords(t.Context(), e, match.DemandKind, []*match.Record{&d}); err != nil || len(failed) > 0 {
			t.Fatal(err, failed)
		}
	}
	if text := strings.Join(far.sent, "\n"); strings.Contains(text, "机密") || !strings.Contains(text, "电池隔膜") {
		t.Errorf("sent: %s", text)
	}
	if got := recordVectors(t, &d); cmp.Equal(got.Title, got.Text) {
		t.Error("in the process the text has no vector of its own")
	}
}

func cached(t *testing.T, inner embed.Embedder) embed.Embedder {
	t.Helper()
	c, err := cache.New(inner, cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
