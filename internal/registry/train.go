package registry

import (
	"context"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/drift"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/tune"
)

// Training says what to learn from.
type Training struct {
	Tenant, Name, Parent, By, Note string
	Seed                           uint64
	// Sectors are those of the demands whose labels are learned from; empty is all.
	Sectors []string
	// Reference makes what scores of the model look like on the catalog; nil makes none.
	Reference func(ctx context.Context, m *tune.Model, demands []match.Ref) (*drift.Reference, error)
}

// Train learns a model from the experts' labels that are not in a frozen dataset, and adds
// it. Of several raters the median counts.
func (r *Registry) Train(ctx context.Context, t Training, tell func(tune.Stage)) (Version, *tune.Report, error) {
	if t.Name == "" {
		return Version{}, nil, match.Invalidf("name", "is empty")
	}
	set, demands, err := r.set(ctx, t)
	if err != nil {
		return Version{}, nil, err
	}
	m, err := tune.Train(ctx, t.Name, set, r.config.Embedder(), tune.Options{Seed: t.Seed, Workers: r.config.Workers, Progress: tell})
	if err != nil {
		return Version{}, nil, err
	}
	with := Addition{Title: t.Name, Parent: t.Parent, By: t.By, Note: t.Note, Sectors: t.Sectors}
	if t.Reference != nil {
		if with.Reference, err = t.Reference(ctx, m, demands); err != nil {
			return Version{}, nil, err
		}
	}
	file, err := m.Encode()
	if err != nil {
		return Version{}, nil, err
	}
	v, err := r.Add(ctx, file, with)
	return v, m.Card.Report, err
}

// set gathers labels with the texts of the newest revisions, and names their demands.
func (r *Registry) set(ctx context.Context, t Training) (*tune.Set, []match.Ref, error) {
	frozen, err := r.Frozen(ctx, t.Tenant)
	if err != nil {
		return nil, nil, err
	}
	labelled, err := r.labelled(ctx, t.Tenant)
	if err != nil {
		return nil, nil, err
	}
	set := &tune.Set{}
	places := map[match.Ref]int32{}
	place := func(list *[]tune.Record, at match.Ref) int32 {
		i, known := places[at]
		if !known {
			texts := retrieve.Sent(r.config.Embedder(), labelled.records[at]).Texts()
			i = int32(len(*list))
			places[at] = i
			*list = append(*list, tune.Record{ID: at.ID, Title: texts.Title, Text: texts.Body})
		}
		return i
	}
	var demands []match.Ref
	for _, pair := range labelled.pairs() {
		l, raters := median(pair), ratersOf(pair)
		d, p := ref(t.Tenant, match.DemandKind, l.Demand), ref(t.Tenant, match.PatentKind, l.Patent)
		sector := labelled.demand(l).Sector()
		if frozen[[2]string{l.Demand, l.Patent}] || len(t.Sectors) > 0 && !slices.Contains(t.Sectors, sector) {
			continue
		}
		if _, known := places[d]; !known {
			demands = append(demands, d)
		}
		set.Labels = append(set.Labels, tune.Label{Demand: place(&set.Demands, d), Patent: place(&set.Patents, p), Level: int8(l.Level)})
		set.Raters = append(set.Raters, raters)
	}
	return set, demands, nil
}

// ratersOf names all who judged a pair, as one rater: what several have agreed on is not
// one person's habit.
func ratersOf(labels []match.Label) string {
	var names []string
	for _, l := range labels {
		names = append(names, l.Rater)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " + ")
}
