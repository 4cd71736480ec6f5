package feedback

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Rater is whose labels those are that were made of events.
const Rater = "events"

// Derived is what was made of events.
type Derived struct {
	Events       int64
	Labels       []match.Label // in the order of demand and patent
	Propensities Propensities
}

const (
	// meanWeight is how many looks the mean of all pairs is worth for each of them.
	meanWeight = 2
	// halfLooks is the number of expected looks at which a label weighs a half.
	halfLooks = 5
	// leastLooks is how often a pair must have been looked at, where no side has told
	// anything of it.
	leastLooks = 2
)

// cuts are where the levels of a relevance that rests on looks alone begin. Looks alone
// speak for no more than RatherGoodFit.
var cuts = []float64{0.03, 0.15}

// floors are the least levels that steps speak for, and caps the highest ones that the
// reasons of a rejection leave; reasons that say nothing of the fit, such as the price,
// leave all. The steps count more: who signs knows better than who rejected.
var (
	floors = map[match.EventType]match.Level{
		match.Contact: match.RatherGoodFit, match.Reply: match.RatherGoodFit, match.Negotiation: match.RatherGoodFit,
		match.LicenceSign: match.StrongFit, match.Contract: match.StrongFit,
	}
	caps = map[match.RejectionReason]match.Level{
		match.WrongField: match.NoFit, match.WrongProblem: match.WeakFit,
		match.Underperforming: match.RatherGoodFit, match.NotMature: match.RatherGoodFit,
	}
)

// toldWeight is the least weight of a label where a side has told its mind.
const toldWeight = 0.5

// Derive makes labels of all events of a tenant. tell is told how many were read.
func Derive(ctx context.Context, s store.Events, tenant string, tell func(done int64)) (*Derived, error) {
	t, err := tallyOf(ctx, s, tenant, tell)
	if err != nil {
		return nil, err
	}
	out := &Derived{Events: t.events, Propensities: Estimate(t.items())}
	mean := t.mean(out.Propensities)
	for _, name := range slices.SortedFunc(maps.Keys(t.pairs), func(a, b pairName) int {
		return cmp.Or(strings.Compare(a.demand, b.demand), strings.Compare(a.patent, b.patent))
	}) {
		if l, ok := t.pairs[name].label(out.Propensities, mean); ok {
			l.Tenant, l.Demand, l.Patent = tenant, name.demand, name.patent
			out.Labels = append(out.Labels, l)
		}
	}
	return out, nil
}

// items are the pairs as Estimate takes them, in the order of their names.
func (t *tally) items() []Shown {
	var out []Shown
	for _, p := range t.pairs {
		item := Shown{}
		for _, s := range p.showings {
			if s.rank > 0 {
				item.Add(s.rank, s.viewed)
			}
		}
		if len(item) > 1 {
			out = append(out, item)
		}
	}
	slices.SortFunc(out, compareShown) // sums of floats depend on their order
	return out
}

// compareShown gives items an order that depends on what they hold alone.
func compareShown(a, b Shown) int {
	x, y := slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))
	if c := slices.Compare(x, y); c != 0 {
		return c
	}
	for _, k := range x {
		if c := cmp.Or(cmp.Compare(a[k].n, b[k].n), cmp.Compare(a[k].views, b[k].views)); c != 0 {
			return c
		}
	}
	return 0
}

// earned sums up the gains of a pair's showings and the looks that are expected. The
// showings come in the order of their ranks, so that sums are the same each time.
func (p *pairTally) earned(of Propensities) (gain, looks float64) {
	all := slices.SortedFunc(maps.Values(p.showings), func(a, b *showing) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.gain, b.gain))
	})
	for _, s := range all {
		switch {
		case s.rank > 0:
			looks += of.Of(s.rank)
		case s.viewed: // it was looked at, wherever it stood
			looks++
		default:
			continue // nothing is known of it
		}
		gain += s.gain
	}
	return gain, looks
}

// mean is the gain of a look over all pairs.
func (t *tally) mean(of Propensities) float64 {
	var sums [][2]float64
	for _, p := range t.pairs {
		gain, looks := p.earned(of)
		sums = append(sums, [2]float64{gain, looks})
	}
	slices.SortFunc(sums, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
	gain, looks := 0.0, 0.0
	for _, s := range sums {
		gain, looks = gain+s[0], looks+s[1]
	}
	if looks == 0 {
		return 0
	}
	return gain / looks
}

// label is what the pair's events speak for; not ok where they say too little.
func (p *pairTally) label(of Propensities, mean float64) (l match.Label, ok bool) {
	gain, looks := p.earned(of)
	floor, told := floors[p.step], false
	told = floor > 0
	highest := match.StrongFit
	if floor == 0 {
		highest = match.RatherGoodFit
	}
	for reason := range p.fits {
		if limit, ok := caps[reason]; ok {
			highest, told = min(highest, limit), true
		}
	}
	if !told && looks < leastLooks {
		return l, false
	}
	relevance := min(1, (gain+meanWeight*mean)/(looks+meanWeight))
	level := match.NoFit
	for _, cut := range cuts {
		if relevance >= cut {
			level++
		}
	}
	level = max(min(level, highest), floor)
	weight := looks / (looks + halfLooks)
	if told {
		weight = max(weight, toldWeight)
	}
	return match.Label{
		Level: level, Rater: Rater, Source: match.EventSource, At: p.newest, Reason: p.words(looks),
		Relevance: max(relevance, 1e-6), Weight: weight,
	}, true
}

// words say what the label rests on: "shown=12 looks=7.3 view=2 contact=1".
func (p *pairTally) words(looks float64) string {
	out := fmt.Sprintf("shown=%d looks=%.1f", len(p.showings), looks)
	for _, kind := range match.EventTypes {
		if n := p.counts[kind]; n > 0 && kind != match.Impression {
			out += fmt.Sprintf(" %s=%d", kind, n)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(p.fits)) {
		out += " " + string(reason)
	}
	return out
}

// Replace puts derived labels in the place of those that were derived before, and counts
// those that have gone.
func Replace(ctx context.Context, s store.Labels, tenant string, labels []match.Label) (gone int, err error) {
	stays := map[pairName]bool{}
	for _, l := range labels {
		stays[pairName{l.Demand, l.Patent}] = true
	}
	for from := 0; from < len(labels); from += labelPage {
		if err := s.PutLabels(ctx, labels[from:min(len(labels), from+labelPage)]); err != nil {
			return 0, err
		}
	}
	q := store.LabelQuery{Tenant: tenant, Rater: Rater, Source: match.EventSource, Limit: labelPage}
	for {
		page, err := s.ListLabels(ctx, q)
		if err != nil {
			return gone, err
		}
		var old []match.Label
		for _, l := range page {
			if !stays[pairName{l.Demand, l.Patent}] {
				old = append(old, l)
			}
		}
		if len(old) > 0 {
			n, err := s.WithdrawLabels(ctx, old)
			if gone += n; err != nil {
				return gone, err
			}
		}
		if len(page) < labelPage {
			return gone, nil
		}
		q.After = &page[len(page)-1]
	}
}

const labelPage = 500
