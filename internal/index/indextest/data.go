package indextest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// batch is how many points the suite upserts at once.
const batch = 500

// spec has two vectors; most cases use the first.
func (s *suite) spec() index.Spec {
	return index.Spec{Collection: "patents", Model: "suite/1", Dim: s.Dim, Vectors: []string{"text", "claims"}}
}

func (s *suite) new(t *testing.T) index.Index {
	t.Helper()
	return closing(t, s.open(t, s.spec()))
}

// closing closes ix when the test ends.
func closing(t *testing.T, ix index.Index) index.Index {
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func upsert(t *testing.T, ix index.Index, points ...index.Point) {
	t.Helper()
	for len(points) > 0 {
		n := min(batch, len(points))
		if err := ix.Upsert(context.Background(), points[:n]); err != nil {
			t.Fatal(err)
		}
		points = points[n:]
	}
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// unit returns a random direction; around, if not nil, pulls it near.
func unit(r *rand.Rand, dim int, around []float32, spread float64) []float32 {
	v := make([]float64, dim)
	square := 0.0
	for i := range v {
		v[i] = r.NormFloat64() * spread / math.Sqrt(float64(dim))
		if around != nil {
			v[i] += float64(around[i])
		}
		square += v[i] * v[i]
	}
	out := make([]float32, dim)
	for i := range v {
		out[i] = float32(v[i] / math.Sqrt(square))
	}
	return out
}

// axis is the unit vector of one dimension.
func (s *suite) axis(i int) []float32 {
	v := make([]float32, s.Dim)
	v[i] = 1
	return v
}

// between is at an angle from axis 0 towards axis 1 whose cosine is c.
func (s *suite) between(c float64) []float32 {
	v := make([]float32, s.Dim)
	v[0], v[1] = float32(c), float32(math.Sqrt(1-c*c))
	return v
}

func text(key string, v []float32) index.Point {
	return index.Point{Key: key, Vectors: map[string][]float32{"text": v}}
}

// points returns n random points; those of clusters are close to few centres.
func (s *suite) points(r *rand.Rand, n, clusters int) []index.Point {
	centres := make([][]float32, clusters)
	for i := range centres {
		centres[i] = unit(r, s.Dim, nil, 1)
	}
	out := make([]index.Point, n)
	for i := range out {
		var around []float32
		if clusters > 0 {
			around = centres[r.IntN(clusters)]
		}
		out[i] = text(fmt.Sprintf("p%05d", i), unit(r, s.Dim, around, 0.3))
		out[i].Payload = payload(r)
	}
	return out
}

// payload has fields of one and of several tokens and numbers, each at times absent.
func payload(r *rand.Rand) match.Payload {
	p := match.Payload{Tokens: map[string][]string{}, Numbers: map[string]int64{}}
	p.Tokens[match.FieldTenant] = []string{"default"}
	if r.IntN(10) > 0 {
		p.Tokens[match.FieldRegion] = []string{"44", fmt.Sprintf("44%02d", r.IntN(20)+1)}
	}
	for _, symbol := range []string{"H01M", "C08L", "A61K", "G06F 16/30"} {
		if r.IntN(3) == 0 {
			p.Tokens[match.FieldIPC] = append(p.Tokens[match.FieldIPC], symbol)
		}
	}
	p.Tokens[match.FieldPool] = []string{fmt.Sprintf("专利池 %d", r.IntN(100))}
	if r.IntN(3) > 0 {
		p.Numbers[match.FieldFee] = int64(r.IntN(1000)) - 10
	}
	p.Numbers[match.FieldFilingDate] = int64(20100101 + 10000*r.IntN(15))
	return p
}

func at(n int64) *int64 { return &n }

// filters has every form of condition, alone and together.
var filters = []struct {
	name       string
	conditions []match.Condition
}{
	{"no filter", nil},
	{"any of", []match.Condition{{Field: match.FieldIPC, AnyOf: []string{"H01M", "G06F 16/30"}}}},
	{"none of", []match.Condition{{Field: match.FieldIPC, NoneOf: []string{"A61K"}}}},
	{"any of and none of", []match.Condition{{Field: match.FieldIPC, AnyOf: []string{"H01M"}, NoneOf: []string{"C08L"}}}},
	{"the same wanted and unwanted", []match.Condition{
		{Field: match.FieldIPC, AnyOf: []string{"H01M"}}, {Field: match.FieldIPC, NoneOf: []string{"H01M"}},
	}},
	{"any of or absent", []match.Condition{{Field: match.FieldRegion, AnyOf: []string{"4403", "4401"}, OrAbsent: true}}},
	{"from", []match.Condition{{Field: match.FieldFee, Min: at(900)}}},
	{"to", []match.Condition{{Field: match.FieldFee, Max: at(0)}}},
	{"from to", []match.Condition{{Field: match.FieldFilingDate, Min: at(20150101), Max: at(20160101)}}},
	{"range or absent", []match.Condition{{Field: match.FieldFee, Min: at(100), Max: at(200), OrAbsent: true}}},
	{"several", []match.Condition{
		{Field: match.FieldTenant, AnyOf: []string{"default"}},
		{Field: match.FieldRegion, NoneOf: []string{"4405"}},
		{Field: match.FieldFee, Max: at(800), OrAbsent: true},
		{Field: match.FieldIPC, AnyOf: []string{"C08L", "A61K"}},
	}},
	{"one in a hundred", []match.Condition{{Field: match.FieldPool, AnyOf: []string{"专利池 7"}}}},
	{"a field that nothing has", []match.Condition{{Field: match.FieldTier, AnyOf: []string{"A"}}}},
	{"without a field that nothing has", []match.Condition{{Field: match.FieldTier, NoneOf: []string{"A"}}}},
	{"no number", []match.Condition{{Field: match.FieldReadiness, Min: at(1)}}},
	{"no number or absent", []match.Condition{{Field: match.FieldReadiness, Min: at(1), OrAbsent: true}}},
	{"nothing between", []match.Condition{{Field: match.FieldFee, Min: at(5), Max: at(4)}}},
}
