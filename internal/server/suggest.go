package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/worth"
)

// Sizes of a list of suggestions.
const (
	defaultBudget    = 50
	defaultPerDemand = 3
)

func (l *labels) SuggestLabels(ctx context.Context, req *pb.SuggestLabelsRequest) (*pb.SuggestLabelsResponse, error) {
	if l.config.Live == nil {
		return nil, &match.Error{Kind: match.Denied, Reason: "this server suggests no labels"}
	}
	o, err := fromSuggest(req)
	if err != nil {
		return nil, err
	}
	found, err := worth.Suggest(ctx, l.config.Store, l.config.Live, Committee(l.config.Rankers, l.config.Live.Live().Own()), o)
	if err != nil {
		return nil, err
	}
	out := &pb.SuggestLabelsResponse{}
	for i := range found {
		out.Suggestions = append(out.Suggestions, wire.ToSuggestion(&found[i]))
	}
	return out, nil
}

func fromSuggest(req *pb.SuggestLabelsRequest) (o worth.Options, err error) {
	if o.Tenant, err = tenantOf(req.GetTenant()); err != nil {
		return o, err
	}
	o.Sectors = req.GetSectors()
	if o.Budget, err = pageSize(req.GetBudget(), defaultBudget, maxPage); err != nil {
		return o, match.Invalidf("budget", "%d is not in %d to %d", req.GetBudget(), 0, maxPage)
	}
	if o.PerDemand, err = pageSize(req.GetPerDemand(), defaultPerDemand, maxPage); err != nil {
		return o, match.Invalidf("per_demand", "%d is not in %d to %d", req.GetPerDemand(), 0, maxPage)
	}
	return o, nil
}

// Committee is the rankers whose disagreement tells what is worth judging: that in
// production, the challenger, and the one that is built in.
func Committee(r *registry.Registry, builtin rank.Ranker) []rank.Ranker {
	if r == nil {
		return []rank.Ranker{builtin}
	}
	l := r.Lineup()
	champion, _ := l.Ranker(registry.National)
	out := []rank.Ranker{champion}
	challenger, _ := l.Ranker(registry.Challenger)
	for _, other := range []rank.Ranker{challenger, builtin} {
		if other != nil && other.Identity() != champion.Identity() {
			out = append(out, other)
		}
	}
	return out
}
