package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

// defaultPool is how many patents a pool has at most unless the request says so.
const defaultPool = 5

func (m *matches) SuggestPool(ctx context.Context, req *pb.SuggestPoolRequest) (*pb.SuggestPoolResponse, error) {
	asked, err := fromPool(req)
	if err != nil {
		return nil, err
	}
	asked.ID = requestID(ctx)
	pool, err := m.engine.SuggestPool(ctx, asked)
	if err != nil {
		return nil, err
	}
	return wire.ToPool(pool), nil
}

func fromPool(req *pb.SuggestPoolRequest) (out match.PoolRequest, err error) {
	if out.Tenant, err = tenantOf(req.GetTenant()); err != nil {
		return out, err
	}
	out.From = match.Ref{Tenant: out.Tenant, Kind: match.DemandKind}
	switch q := req.GetQuery().(type) {
	case *pb.SuggestPoolRequest_DemandId:
		out.From.ID = q.DemandId
		err = notEmpty("demand_id", q.DemandId)
	case *pb.SuggestPoolRequest_Text:
		out.Texts = match.Texts{Title: q.Text.GetTitle(), Body: q.Text.GetBody()}
	default:
		err = match.Invalidf("query", "is missing: give a demand_id or a text")
	}
	if err != nil {
		return out, err
	}
	if out.Filter, err = wire.FromFilter(req.GetFilter()); err != nil {
		return out, err
	}
	out.Filter = vocabulary.Filter(out.Filter)
	out.MaxPatents = int(req.GetMaxPatents())
	if out.MaxPatents == 0 {
		out.MaxPatents = defaultPool
	}
	out.Model, out.Party = vocabulary.Alias(req.GetModel()), req.GetParty()
	return out, nil
}
