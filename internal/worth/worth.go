package worth

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// Options say how many pairs are wanted, and of what.
type Options struct {
	Tenant string
	// Budget is how many pairs; PerDemand how many of one demand at most.
	Budget, PerDemand int
	// Sectors are those of the demands; empty is all.
	Sectors []string
	// Without are pairs that are left out besides those an expert has judged, by demand and
	// patent.
	Without map[[2]string]bool
}

// Suggestion is a pair that is worth judging.
type Suggestion struct {
	Demand, Patent string
	// Uncertainty is the entropy of the chance of a good fit, in bits, 0 to 1.
	Uncertainty float64
	// Disagreement is how far the models are apart on the pair's place, as the largest
	// difference of its discounts 1/log₂(1+rank), 0 to 1.
	Disagreement float64
	Why          match.LocalText
}

// Worth is both together.
func (s Suggestion) Worth() float64 { return s.Uncertainty + s.Disagreement }

const (
	// lookedAt is how many demands are looked at, and depth how many candidates of each.
	lookedAt = 300
	depth    = 20
	// likeness is how much a pair loses that is the same as one that was chosen.
	likeness = 0.7
	// twins is the cosine from which texts say the same: a pair of twins of a pair that
	// was chosen or judged tells nothing more, and is left out.
	twins = 0.95
)

// Sources is what is read.
type Sources interface {
	store.Records
	store.Labels
}

// candidate is a pair on its way, with the vectors of its texts; nil is not known.
type candidate struct {
	Suggestion
	demand, patent []float32
	// judged pairs are not chosen; others are held against them.
	judged bool
}

// Suggest returns the pairs that would tell most, the first one the most. The first
// ranker is that in production.
func Suggest(ctx context.Context, s Sources, e *retrieve.Engine, rankers []rank.Ranker, o Options) ([]Suggestion, error) {
	demands, err := demandsOf(ctx, s, o)
	if err != nil {
		return nil, err
	}
	var all []candidate
	for _, d := range demands {
		judged, err := judgedOf(ctx, s, o.Tenant, d.ID)
		if err != nil {
			return nil, err
		}
		compared, err := e.Compare(ctx, match.Request{Tenant: o.Tenant, From: d.Ref, Limit: depth}, rankers, depth)
		if err != nil {
			return nil, err
		}
		for _, c := range compared {
			number := c.Record.ID
			all = append(all, candidate{suggestionOf(d.ID, c), c.Query, c.Text, judged[number] || o.Without[[2]string{d.ID, number}]})
		}
	}
	return choose(all, o.Budget, o.PerDemand), nil
}

// choose takes pairs one by one: each time the one that is worth most, less what it shares
// with those that were taken, and none that is the twin of a pair that was taken or
// judged, or beyond a demand's share. The result is in the order of worth.
func choose(all []candidate, budget, perDemand int) []Suggestion {
	var left []candidate
	var judged []candidate
	for _, c := range all {
		if c.judged {
			judged = append(judged, c)
		} else {
			left = append(left, c)
		}
	}
	slices.SortFunc(left, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.Worth(), a.Worth()), cmp.Compare(a.Demand, b.Demand), cmp.Compare(a.Patent, b.Patent))
	})
	like, out := make([]float64, len(left)), make([]bool, len(left)) // the likest of those taken; what cannot be taken
	for i := range left {
		for k := range judged {
			out[i] = out[i] || judged[k].Demand == left[i].Demand && alike(&left[i], &judged[k]) >= twins
		}
	}
	of := map[string]int{}
	var taken []Suggestion
	for len(taken) < budget {
		best, value := -1, math.Inf(-1)
		for i := range left {
			if v := left[i].Worth() - likeness*like[i]; !out[i] && v > value {
				best, value = i, v
			}
		}
		if best < 0 {
			break
		}
		out[best] = true
		taken = append(taken, left[best].Suggestion)
		if of[left[best].Demand]++; of[left[best].Demand] == perDemand {
			for i := range left {
				out[i] = out[i] || left[i].Demand == left[best].Demand
			}
		}
		for i := range left {
			if out[i] {
				continue
			}
			like[i] = max(like[i], alike(&left[i], &left[best]))
			out[i] = like[i] >= twins
		}
	}
	slices.SortStableFunc(taken, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Worth(), a.Worth()), cmp.Compare(a.Demand, b.Demand), cmp.Compare(a.Patent, b.Patent))
	})
	return taken
}

// alike is how much two pairs tell the same, 0 to 1: as much as the less like of their two
// sides. What is not known is unlike.
func alike(a, b *candidate) float64 {
	demands := 1.0
	if a.Demand != b.Demand {
		if demands = cosine(a.demand, b.demand); demands <= 0 {
			return 0
		}
	}
	return max(0, min(demands, cosine(a.patent, b.patent)))
}

func cosine(a, b []float32) float64 {
	if a == nil || b == nil {
		return 0
	}
	return rank.Cosine(a, b)
}

// demandsOf are up to lookedAt open demands, those with the smallest hash of their ids,
// so that they are of all sorts.
func demandsOf(ctx context.Context, s store.Records, o Options) ([]match.Record, error) {
	type hashed struct {
		match.Record
		hash uint64
	}
	var all []hashed
	q := store.ListQuery{Tenant: o.Tenant, Kind: match.DemandKind, Limit: 500}
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			open := r.Demand.State == "" || r.Demand.State == match.Open
			if !open || len(o.Sectors) > 0 && !slices.Contains(o.Sectors, r.Demand.Sector) {
				continue
			}
			h := fnv.New64a()
			h.Write([]byte(r.ID))
			all = append(all, hashed{r, h.Sum64()})
		}
		slices.SortFunc(all, func(a, b hashed) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.ID, b.ID)) })
		all = all[:min(len(all), lookedAt)]
		if len(page) < q.Limit {
			break
		}
		q.After = page[len(page)-1].ID
	}
	out := make([]match.Record, len(all))
	for i, h := range all {
		out[i] = h.Record
	}
	return out, nil
}

// judgedOf are the patents that an expert has judged for a demand.
func judgedOf(ctx context.Context, s store.Labels, tenant, demand string) (map[string]bool, error) {
	out := map[string]bool{}
	q := store.LabelQuery{Tenant: tenant, Demand: demand, Source: match.ExpertSource, Limit: 500}
	for {
		page, err := s.ListLabels(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, l := range page {
			out[l.Patent] = true
		}
		if len(page) < q.Limit {
			return out, nil
		}
		q.After = &page[len(page)-1]
	}
}

func suggestionOf(demand string, c retrieve.Compared) Suggestion {
	s := Suggestion{Demand: demand, Patent: c.Record.ID, Uncertainty: entropy(1 / (1 + math.Exp(-c.Logits[0])))}
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range c.Ranks {
		d := 1 / math.Log2(1+float64(r))
		low, high = min(low, d), max(high, d)
	}
	s.Disagreement = high - low
	ranks := fmt.Sprint(c.Ranks)
	s.Why = match.LocalText{
		ZH: fmt.Sprintf("模型的不确定性 %.2f；各模型给出的位次 %s", s.Uncertainty, ranks),
		EN: fmt.Sprintf("the model's uncertainty is %.2f; the models' ranks are %s", s.Uncertainty, ranks),
	}
	return s
}

// entropy of a chance, in bits.
func entropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -(p*math.Log2(p) + (1-p)*math.Log2(1-p))
}
