package retrieve

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

func TestTheShareOfTermsIsThatOfASlowCountFromTheLeastOn(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	near := 0
	for range 2000 {
		n, change := 1+draw.IntN(60), draw.IntN(20)
		a, b := make([]rune, n), make([]rune, n+draw.IntN(4))
		for i := range b {
			b[i] = rune(0x4e00 + draw.IntN(500))
			if i < n {
				a[i] = b[i]
			}
		}
		for range change {
			b[draw.IntN(len(b))] = rune(0x4e00 + draw.IntN(500))
		}
		x, y := text.Hashes(string(a)), text.Hashes(string(b))
		in, both := map[uint64]bool{}, 0
		for _, h := range x {
			in[h] = true
		}
		for _, h := range y {
			if in[h] {
				both++
			}
		}
		want := 0.0
		if all := len(x) + len(y) - both; all > 0 {
			want = float64(both) / float64(all)
		}
		if got := jaccard(x, y, 0); got != want {
			t.Fatalf("%q and %q: %v, want %v", string(a), string(b), got, want)
		}
		if want < NearDuplicate {
			want = 0
		} else {
			near++
		}
		if got := jaccard(x, y, NearDuplicate); got != want {
			t.Fatalf("%q and %q from %v on: %v, want %v", string(a), string(b), NearDuplicate, got, want)
		}
	}
	if near < 100 {
		t.Errorf("%d near duplicates were drawn", near)
	}
}

func BenchmarkCollapse(b *testing.B) {
	draw := rand.New(rand.NewPCG(3, 4))
	var list []*candidate
	for i := range match.MaxDepth {
		body := make([]rune, 300)
		for k := range body {
			body[k] = rune(0x4e00 + draw.IntN(100))
		}
		r := match.NewPatent("t", match.Patent{Number: fmt.Sprint(i), Title: string(body[:20]), Abstract: string(body)})
		list = append(list, &candidate{record: &r, placing: &placing{}})
	}
	for b.Loop() {
		collapse(list)
	}
}
