package judge

import (
	"cmp"
	"context"
	"hash/fnv"
	"maps"
	"math"
	"slices"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Agreement is how far labels of a source are from those of experts.
type Agreement struct {
	// Sector is that of the demands; All has every one.
	Sector string
	// Pairs have labels of both, and are of so many Demands.
	Pairs, Demands int
	// Equal is the share of pairs with the same level.
	Equal float64
	// Kappa is Cohen's kappa with quadratic weights; NaN where it is not defined, as for
	// pairs that all have one level. Low and High are its 95 % bootstrap interval over
	// demands, NaN where demands are too few.
	Kappa, Low, High float64
	// Confusion counts pairs by the experts' level (rows) and the other's.
	Confusion [4][4]int
}

// All is the sector of an agreement over every sector.
const All = ""

// NoSector stands for demands that name none.
const NoSector = "(none)"

const (
	samples = 2000
	// leastDemands is how many demands an interval takes.
	leastDemands = 5
)

// Agree compares the labels of a source, or of one rater of it, with those of experts:
// over all pairs that have both first, then by sector in order. Of several labels of a
// pair the median counts, of two in the middle the lower. sectors leaves out demands of
// others; empty is all.
func Agree(ctx context.Context, s Sources, tenant string, source match.LabelSource, rater string, sectors []string) ([]Agreement, error) {
	if source == match.ExpertSource || source == "" {
		return nil, match.Invalidf("source", "%q is not one of %s", string(source), "event, model")
	}
	theirs, err := levels(ctx, s, store.LabelQuery{Tenant: tenant, Source: source, Rater: rater})
	if err != nil {
		return nil, err
	}
	experts, err := levels(ctx, s, store.LabelQuery{Tenant: tenant, Source: match.ExpertSource})
	if err != nil {
		return nil, err
	}
	both := map[string][]rated{} // by demand
	for pair, level := range theirs {
		if own, ok := experts[pair]; ok {
			both[pair[0]] = append(both[pair[0]], rated{pair, own, level})
		}
	}
	of, err := sectorsOf(ctx, s, tenant, slices.Sorted(maps.Keys(both)))
	if err != nil {
		return nil, err
	}
	by := map[string][]rated{}
	for demand, list := range both {
		if sector, ok := of[demand]; ok && (len(sectors) == 0 || slices.Contains(sectors, sector)) {
			by[All] = append(by[All], list...)
			sector = cmp.Or(sector, NoSector)
			by[sector] = append(by[sector], list...)
		}
	}
	out := []Agreement{agreement(All, by[All])}
	delete(by, All)
	for _, sector := range slices.Sorted(maps.Keys(by)) {
		out = append(out, agreement(sector, by[sector]))
	}
	return out, nil
}

// rated is a pair with both levels.
type rated struct {
	pair           [2]string
	expert, theirs match.Level
}

func agreement(sector string, list []rated) Agreement {
	slices.SortFunc(list, func(a, b rated) int {
		return cmp.Or(cmp.Compare(a.pair[0], b.pair[0]), cmp.Compare(a.pair[1], b.pair[1]))
	})
	out := Agreement{Sector: sector, Pairs: len(list), Low: math.NaN(), High: math.NaN(), Equal: math.NaN(), Kappa: math.NaN()}
	demands := make([]string, len(list))
	for i, x := range list {
		demands[i] = x.pair[0]
		out.Confusion[x.expert-1][x.theirs-1]++
	}
	if len(list) == 0 {
		return out
	}
	clusters := statistic.GroupBy(demands)
	out.Demands = len(clusters)
	kappa := func(weight func(i int) float64) metric.Confusion {
		c := metric.NewConfusion(metric.Levels4)
		for i, x := range list {
			c[x.expert-1][x.theirs-1] += weight(i)
		}
		return c
	}
	whole := kappa(func(int) float64 { return 1 })
	out.Kappa = whole.WeightedKappa()
	equal := 0.0
	for l := range whole {
		equal += whole[l][l]
	}
	out.Equal = equal / whole.Total()
	if out.Demands < leastDemands {
		return out
	}
	drawn := statistic.Bootstrap(clusters, len(list), samples, 1, func(weights []uint16) float64 {
		return kappa(func(i int) float64 { return float64(weights[i]) }).WeightedKappa()
	})
	if interval, ok := statistic.Percentile(drawn); ok {
		out.Low, out.High = interval.Low, interval.High
	}
	return out
}

// levels are the median levels of pairs, by demand and patent.
func levels(ctx context.Context, s store.Labels, q store.LabelQuery) (map[[2]string]match.Level, error) {
	all := map[[2]string][]match.Level{}
	if err := each(ctx, s, q, func(l *match.Label) {
		pair := [2]string{l.Demand, l.Patent}
		all[pair] = append(all[pair], l.Level)
	}); err != nil {
		return nil, err
	}
	out := make(map[[2]string]match.Level, len(all))
	for pair, list := range all {
		slices.Sort(list)
		out[pair] = list[(len(list)-1)/2]
	}
	return out, nil
}

// sectorsOf are the sectors of the demands that are stored.
func sectorsOf(ctx context.Context, s store.Records, tenant string, demands []string) (map[string]string, error) {
	out := map[string]string{}
	for part := range slices.Chunk(demands, 500) {
		refs := make([]match.Ref, len(part))
		for i, id := range part {
			refs[i] = match.Ref{Tenant: tenant, Kind: match.DemandKind, ID: id}
		}
		records, err := s.Get(ctx, refs)
		if err != nil {
			return nil, err
		}
		for i, r := range records {
			if r != nil {
				out[part[i]] = r.Sector()
			}
		}
	}
	return out, nil
}

// ToCheck draws pairs that experts have judged and this model has not, to be judged
// blindly: at most n, by a hash of the pair and the seed, of demands of the sectors.
func (j *Judge) ToCheck(ctx context.Context, s Sources, tenant string, n int, seed uint64, sectors []string) ([]match.Pair, error) {
	if n <= 0 {
		return nil, nil
	}
	done, err := j.Judged(ctx, s, tenant)
	if err != nil {
		return nil, err
	}
	experts, err := levels(ctx, s, store.LabelQuery{Tenant: tenant, Source: match.ExpertSource})
	if err != nil {
		return nil, err
	}
	demands := map[string]bool{}
	for pair := range experts {
		demands[pair[0]] = true
	}
	of, err := sectorsOf(ctx, s, tenant, slices.Sorted(maps.Keys(demands)))
	if err != nil {
		return nil, err
	}
	var pairs [][2]string
	for pair := range experts {
		sector, ok := of[pair[0]]
		if ok && !done[pair] && (len(sectors) == 0 || slices.Contains(sectors, sector)) {
			pairs = append(pairs, pair)
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(place(seed, a), place(seed, b)), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	var out []match.Pair
	for _, p := range pairs[:min(n, len(pairs))] {
		out = append(out, PairOf(tenant, p[0], p[1]))
	}
	return out, nil
}

// PairOf names a pair of a tenant's records.
func PairOf(tenant, demand, patent string) match.Pair {
	return match.Pair{
		Demand: match.Ref{Tenant: tenant, Kind: match.DemandKind, ID: demand},
		Patent: match.Ref{Tenant: tenant, Kind: match.PatentKind, ID: patent},
	}
}

func place(seed uint64, pair [2]string) uint64 {
	h := fnv.New64a()
	for i := range 8 {
		h.Write([]byte{byte(seed >> (8 * i))})
	}
	h.Write([]byte(pair[0] + "\x00" + pair[1]))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd // FNV alone leaves like ids side by side
	return x ^ x>>33
}
