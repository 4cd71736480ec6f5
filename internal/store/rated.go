package store

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// Rated gives records with the ratings that came with events added to those that they
// carry themselves, as of the time of asking.
type Rated struct {
	Store interface {
		Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error)
		Ratings(ctx context.Context, refs []match.Ref) ([]*match.Rating, error)
	}
}

// Get returns newest revisions; see Records.
func (s Rated) Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	records, err := s.Store.Get(ctx, refs)
	if err != nil {
		return nil, err
	}
	ratings, err := s.Store.Ratings(ctx, refs)
	if err != nil {
		return nil, err
	}
	for i, r := range records {
		switch {
		case r == nil || ratings[i] == nil:
		case r.Patent != nil:
			with := *r.Patent
			with.Rating = with.Rating.Plus(ratings[i])
			r.Patent = &with
		default:
			with := *r.Demand
			with.Rating = with.Rating.Plus(ratings[i])
			r.Demand = &with
		}
	}
	return records, nil
}
