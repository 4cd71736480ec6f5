package flat

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// benchPoints makes n points of 256 dimensions around n/50 centres.
func benchPoints(n int) []index.Point {
	r := rand.New(rand.NewPCG(1, 9))
	centres := make([][]float32, n/50)
	for i := range centres {
		centres[i] = randomUnit(r, 256)
	}
	out := make([]index.Point, n)
	for i := range out {
		v := randomUnit(r, 256)
		for j, x := range centres[r.IntN(len(centres))] {
			v[j] = v[j]*0.8 + x*0.6
		}
		out[i] = point(fmt.Sprintf("default/CN%09d", i), normalised(v), r.IntN(100))
		tokens := out[i].Payload.Tokens
		tokens[match.FieldTenant] = []string{"default"}
		tokens[match.FieldLegalStatus] = []string{[]string{"granted", "pending", "expired"}[r.IntN(3)]}
		tokens[match.FieldRegion] = []string{"44", fmt.Sprintf("44%02d", r.IntN(20))}
		tokens[match.FieldIPC] = []string{"H", "H01", "H01M", fmt.Sprintf("H01M %d", r.IntN(50))}
		out[i].Payload.Numbers = map[string]int64{match.FieldExpiryDate: 20200101 + int64(r.IntN(20))*10000}
	}
	return out
}

var benchFilters = []struct {
	name       string
	conditions []match.Condition
}{
	{"no filter", nil},
	{"usual filter", []match.Condition{ // about half of all, by four conditions
		{Field: match.FieldTenant, AnyOf: []string{"default"}},
		{Field: match.FieldVisibility, NoneOf: []string{"private"}},
		{Field: match.FieldLegalStatus, NoneOf: []string{"expired"}},
		{Field: match.FieldExpiryDate, Min: new(int64(20250101)), OrAbsent: true},
	}},
	{"1 % filter", []match.Condition{{Field: match.FieldPool, AnyOf: []string{"7"}}}},
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		points := benchPoints(n)
		ix := mustOpen(b, "", specOf(256))
		if err := ix.Upsert(ctx, points); err != nil {
			b.Fatal(err)
		}
		for _, f := range benchFilters {
			for _, limit := range []int{10, 200} {
				b.Run(fmt.Sprintf("%d/%s/top %d", n, f.name, limit), func(b *testing.B) {
					r := rand.New(rand.NewPCG(3, 3))
					for b.Loop() {
						v := points[r.IntN(n)].Vectors["text"]
						_, err := ix.Search(ctx, index.Query{Name: "text", Vector: v, Conditions: f.conditions, Limit: limit})
						if err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

func BenchmarkUpsert(b *testing.B) {
	points := benchPoints(10_000)
	ix := mustOpen(b, b.TempDir(), specOf(256))
	b.ResetTimer()
	for b.Loop() {
		if err := ix.Upsert(ctx, points); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(points))/b.Elapsed().Seconds(), "points/s")
}

func BenchmarkOpen100k(b *testing.B) {
	dir := b.TempDir()
	ix := mustOpen(b, dir, specOf(256))
	if err := ix.Upsert(ctx, benchPoints(100_000)); err != nil {
		b.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := mustOpen(b, dir, specOf(256)).Close(); err != nil {
			b.Fatal(err)
		}
	}
}
