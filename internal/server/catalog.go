package server

import (
	"context"
	"fmt"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// catalogs is the CatalogService.
type catalogs struct {
	pb.UnimplementedCatalogServiceServer
	config     Config
	operations *operations
}

func (c *catalogs) GetCatalog(ctx context.Context, req *pb.GetCatalogRequest) (*pb.GetCatalogResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	out := &pb.GetCatalogResponse{}
	var newest int64
	for _, kind := range kinds {
		count, err := c.count(ctx, tenant, kind)
		if err != nil {
			return nil, err
		}
		out.Counts = append(out.Counts, count)
		newest = max(newest, c.config.Catalog.Applied(kind))
	}
	out.Versions = wire.ToVersions(match.Versions{
		Binary:   c.config.Version,
		Embedder: live(c.config.Models, EmbedderModel),
		Ranker:   live(c.config.Models, RankerModel),
		Catalog:  newest,
	})
	return out, nil
}

func (c *catalogs) count(ctx context.Context, tenant string, kind match.Kind) (*pb.KindCount, error) {
	s, err := c.config.Catalog.Status(ctx, tenant, kind)
	if err != nil {
		return nil, fmt.Errorf("counting %ss: %w", kind, err)
	}
	return &pb.KindCount{
		Kind:   wire.ToQuery(&match.Record{Ref: match.Ref{Kind: kind}}).GetKind(),
		Stored: int64(s.Stored), Searchable: int64(s.Searchable),
		Pending: s.Pending, Failed: int64(s.Failed), EmbedPending: int64(s.EmbedPending),
	}, nil
}

// Reindex begins a reindex, or tells of the one that is under way.
func (c *catalogs) Reindex(context.Context, *pb.ReindexRequest) (*pb.ReindexResponse, error) {
	op, err := c.operations.start("reindex", c.reindex)
	if err != nil {
		return nil, err
	}
	return &pb.ReindexResponse{Operation: op}, nil
}

func (c *catalogs) reindex(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
	if err := c.config.Catalog.Reindex(ctx, progress); err != nil {
		return nil, err
	}
	out := &pb.ReindexResult{}
	for _, kind := range kinds {
		s, err := c.config.Catalog.Status(ctx, match.DefaultTenant, kind)
		if err != nil {
			return nil, err
		}
		out.Indexed += int64(s.Searchable)
		out.Failed += int64(s.Failed + s.EmbedPending)
	}
	return &pb.Operation{Result: &pb.Operation_Reindex{Reindex: out}}, nil
}
