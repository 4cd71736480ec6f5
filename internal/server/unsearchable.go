package server

import (
	"cmp"
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// failurePlace is the last record of a page. Seen is how many were before the next
// page, which is where to look for it: notes come and go in between.
type failurePlace struct {
	Tenant   string `json:"t"`
	Kind     string `json:"k"`
	ID       string `json:"i"`
	Follower string `json:"f"`
	Seen     int    `json:"n"`
}

// maxSeen is more failures than there can be.
const maxSeen = 1 << 40

func placeOfFailure(f store.Failure) failurePlace {
	return failurePlace{Tenant: f.Ref.Tenant, Kind: string(f.Ref.Kind), ID: f.Ref.ID, Follower: f.Follower}
}

func (p failurePlace) isBefore(f store.Failure) bool {
	q := placeOfFailure(f)
	return cmp.Or(cmp.Compare(p.Tenant, q.Tenant), cmp.Compare(p.Kind, q.Kind),
		cmp.Compare(p.ID, q.ID), cmp.Compare(p.Follower, q.Follower)) < 0
}

func (c *catalogs) ListUnsearchable(ctx context.Context, req *pb.ListUnsearchableRequest) (*pb.ListUnsearchableResponse, error) {
	size, err := pageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	place, err := placeOf[failurePlace](req, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	if place.Seen < 0 || place.Seen > maxSeen {
		return nil, errToken
	}
	failures, before, err := c.failuresAfter(ctx, place, size+1)
	if err != nil {
		return nil, err
	}
	out := &pb.ListUnsearchableResponse{}
	for i, f := range failures {
		if i == size {
			last := placeOfFailure(failures[i-1])
			last.Seen = before + size
			out.NextPageToken = nextPage(req, last)
			break
		}
		out.Records = append(out.Records, wire.ToUnsearchable(f))
	}
	return out, nil
}

// failuresAfter lists at most n failures after a place, and tells how many are before
// them. The store lists from the first one on.
func (c *catalogs) failuresAfter(ctx context.Context, p failurePlace, n int) (page []store.Failure, before int, err error) {
	for limit := p.Seen + n; ; limit *= 2 {
		all, err := c.config.Catalog.Failures(ctx, limit)
		if err != nil {
			return nil, 0, err
		}
		before = 0
		for before < len(all) && !p.isBefore(all[before]) {
			before++
		}
		if rest := all[before:]; len(rest) >= n || len(all) < limit {
			return rest[:min(n, len(rest))], before, nil
		}
	}
}

// RetryUnsearchable returns before anything is tried.
func (c *catalogs) RetryUnsearchable(ctx context.Context, _ *pb.RetryUnsearchableRequest) (*pb.RetryUnsearchableResponse, error) {
	due, err := c.config.Catalog.RetrySoon(ctx)
	if err != nil {
		return nil, err
	}
	return &pb.RetryUnsearchableResponse{Due: int64(due)}, nil
}
