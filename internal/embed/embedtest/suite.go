package embedtest

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/embed"
)

// texts are of several scripts and lengths; each has something to know.
var texts = []string{
	"高能量密度锂离子电池正极材料",
	"一种污水处理用膜生物反应器",
	"A method for recycling lithium batteries",
	"5G 基站天线",
	"水",
}

// blank texts have nothing to know.
var blank = []string{"", " ", "\n\t ", "\u3000"}

// Run tests the embedder that open gives, which is called once for each part of
// the suite. Open reports its own failures through t and cleans up with
// t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) embed.Embedder) {
	parts := []struct {
		name string
		test func(*testing.T, embed.Embedder)
	}{
		{"has an identity and dimensions that stay", testIdentity},
		{"gives unit vectors of its dimensions", testUnit},
		{"keeps the order of texts", testOrder},
		{"gives zero vectors for blank texts", testBlank},
		{"gives nothing for no texts", testNone},
		{"gives the same vector alone and in a batch", testBatch},
		{"accepts both roles", testRoles},
		{"takes text that is not UTF-8", testOddBytes},
		{"works from many goroutines", testConcurrent},
		{"stops when the context is canceled", testCanceled},
		{"gives vectors that do not share memory", testOwnMemory},
	}
	for _, part := range parts {
		t.Run(part.name, func(t *testing.T) { part.test(t, open(t)) })
	}
}

func vectors(t *testing.T, e embed.Embedder, role embed.Role, texts ...string) [][]float32 {
	t.Helper()
	out, err := e.Embed(t.Context(), role, texts)
	if err != nil {
		t.Fatalf("Embed(%q): %v", texts, err)
	}
	if len(out) != len(texts) {
		t.Fatalf("Embed gave %d vectors for %d texts", len(out), len(texts))
	}
	return out
}

func length(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

func testIdentity(t *testing.T, e embed.Embedder) {
	before := e.Identity()
	if before == "" || e.Dim() <= 0 {
		t.Fatalf("Identity() = %q, Dim() = %d", before, e.Dim())
	}
	vectors(t, e, embed.Document, texts...)
	if after := e.Identity(); after != before {
		t.Errorf("Identity() changed from %q to %q", before, after)
	}
}

func testUnit(t *testing.T, e embed.Embedder) {
	for i, v := range vectors(t, e, embed.Document, texts...) {
		if len(v) != e.Dim() {
			t.Errorf("%q: %d numbers, Dim() = %d", texts[i], len(v), e.Dim())
		}
		if l := length(v); math.Abs(l-1) > 1e-5 {
			t.Errorf("%q: length %v", texts[i], l)
		}
	}
}

func testOrder(t *testing.T, e embed.Embedder) {
	back := slices.Clone(texts)
	slices.Reverse(back)
	forth, reversed := vectors(t, e, embed.Document, texts...), vectors(t, e, embed.Document, back...)
	slices.Reverse(reversed)
	for i := range forth {
		if !slices.Equal(forth[i], reversed[i]) {
			t.Errorf("%q: another vector when the order is reversed", texts[i])
		}
		if i > 0 && slices.Equal(forth[i], forth[0]) {
			t.Errorf("%q and %q have the same vector", texts[i], texts[0])
		}
	}
}

func testBlank(t *testing.T, e embed.Embedder) {
	mixed := append(slices.Clone(blank), texts[0])
	for i, v := range vectors(t, e, embed.Query, mixed...) {
		want := 0.0
		if i == len(blank) {
			want = 1
		}
		if len(v) != e.Dim() || math.Abs(length(v)-want) > 1e-5 {
			t.Errorf("%q: %d numbers of length %v, want length %v", mixed[i], len(v), length(v), want)
		}
	}
}

func testNone(t *testing.T, e embed.Embedder) {
	vectors(t, e, embed.Document)
}

func testBatch(t *testing.T, e embed.Embedder) {
	together := vectors(t, e, embed.Document, append(slices.Clone(texts), texts...)...)
	for i, text := range texts {
		alone := vectors(t, e, embed.Document, text)[0]
		if !slices.Equal(alone, together[i]) || !slices.Equal(alone, together[i+len(texts)]) {
			t.Errorf("%q: another vector in a batch", text)
		}
	}
}

func testRoles(t *testing.T, e embed.Embedder) {
	for _, role := range []embed.Role{embed.Document, embed.Query} {
		v := vectors(t, e, role, texts[0])[0]
		if again := vectors(t, e, role, texts[0])[0]; !slices.Equal(v, again) {
			t.Errorf("role %d: two vectors for one text", role)
		}
	}
}

func testOddBytes(t *testing.T, e embed.Embedder) {
	for i, v := range vectors(t, e, embed.Document, "电池\xff\xfe回收", "电池\x00回收", "🙂🔋 电池") {
		if l := length(v); len(v) != e.Dim() || math.Abs(l-1) > 1e-5 {
			t.Errorf("text %d: %d numbers of length %v", i, len(v), l)
		}
	}
}

func testConcurrent(t *testing.T, e embed.Embedder) {
	want := vectors(t, e, embed.Document, texts...)
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 20 {
				i := (g + n) % len(texts)
				got, err := e.Embed(t.Context(), embed.Document, texts[i:i+1])
				if err != nil || len(got) != 1 || !slices.Equal(got[0], want[i]) {
					t.Errorf("%q: another answer in goroutine %d (error %v)", texts[i], g, err)
					return
				}
			}
		})
	}
	all.Wait()
}

func testCanceled(t *testing.T, e embed.Embedder) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Embed(ctx, embed.Document, texts); err == nil {
		t.Error("no error")
	}
}

func testOwnMemory(t *testing.T, e embed.Embedder) {
	out := vectors(t, e, embed.Document, texts[0], texts[1])
	second := slices.Clone(out[1])
	_ = append(out[0], 7)
	clear(out[0])
	if !slices.Equal(out[1], second) {
		t.Error("writing to one vector changed another")
	}
	if again := vectors(t, e, embed.Document, texts[0])[0]; length(again) == 0 {
		t.Error("writing to a vector changed what the embedder gives later")
	}
}
