package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/archive"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

// matches is the MatchService.
type matches struct {
	pb.UnimplementedMatchServiceServer
	engine    Engine
	metrics   *metrics
	maxBatch  int
	archive   *archive.Archive // nil: no answer is kept
	keepTexts bool
	watch     *watch // nil: no model is watched
}

const defaultHits = 10

// matchPlace is where the next page of a ranking begins: a rank in a list that the engine
// knows by its name.
type matchPlace struct {
	Offset int    `json:"o"`
	List   string `json:"l"`
}

func (m *matches) Match(ctx context.Context, req *pb.MatchRequest) (*pb.MatchResponse, error) {
	asked, err := fromMatch(req)
	if err != nil {
		return nil, err
	}
	id, release := m.ownID(ctx, asked.Tenant)
	defer release()
	asked.ID = id
	answer, err := m.engine.Match(ctx, asked)
	if err != nil {
		return nil, err
	}
	m.metrics.matched(asked, answer)
	out := wire.ToAnswer(answer)
	if end := asked.Offset + asked.Limit; answer.More && end < match.MaxDepth {
		out.NextPageToken = nextPage(req, matchPlace{end, answer.Snapshot})
	}
	m.watch.answered(answer)
	m.keep(asked, answer, req, out)
	return out, nil
}

// ownID is the id of an answer that is to be kept: that of the call, or a new one where another
// answer has it. An answer is what events are held against and what is replayed, and none
// takes another's place. The caller releases the id when the answer is queued, or is none.
func (m *matches) ownID(ctx context.Context, tenant string) (id string, release func()) {
	id = requestID(ctx)
	switch {
	case m.archive == nil, idIsOurs(ctx):
		return id, func() {}
	case !m.archive.Claim(ctx, tenant, id):
		return renewID(ctx), func() {}
	}
	return id, func() { m.archive.Release(tenant, id) }
}

func fromMatch(req *pb.MatchRequest) (out match.Request, err error) {
	if out.Tenant, err = tenantOf(req.GetTenant()); err != nil {
		return out, err
	}
	if err := readQuery(req, &out); err != nil {
		return out, err
	}
	if out.Filter, err = wire.FromFilter(req.GetFilter()); err != nil {
		return out, err
	}
	out.Filter = vocabulary.Filter(out.Filter)
	if out.Limit, err = pageSize(req.GetPageSize(), defaultHits, match.MaxLimit); err != nil {
		return out, err
	}
	place, err := placeOf[matchPlace](req, req.GetPageToken())
	if err != nil {
		return out, err
	}
	out.Offset, out.Snapshot = place.Offset, place.List
	if out.Offset < 0 || out.Offset >= match.MaxDepth {
		return out, errToken
	}
	out.Limit = min(out.Limit, match.MaxDepth-out.Offset)
	if out.Order, err = wire.FromOrder(req.GetOrder()); err != nil {
		return out, err
	}
	if out.Shape, err = wire.FromShape(req); err != nil {
		return out, err
	}
	out.Explain, out.Model, out.Party, out.Rerank = req.GetExplain(), vocabulary.Alias(req.GetModel()), req.GetParty(), req.GetRerank()
	out.Review = req.GetReview()
	return out, nil
}

// readQuery reads what is to be matched.
func readQuery(req *pb.MatchRequest, out *match.Request) (err error) {
	out.From.Tenant = out.Tenant
	switch q := req.GetQuery().(type) {
	case *pb.MatchRequest_DemandId:
		out.From.Kind, out.From.ID = match.DemandKind, q.DemandId
		return notEmpty("demand_id", q.DemandId)
	case *pb.MatchRequest_PatentNumber:
		out.From.Kind, out.From.ID = match.PatentKind, q.PatentNumber
		return notEmpty("patent_number", q.PatentNumber)
	case *pb.MatchRequest_Text:
		out.From.Kind, out.Texts, err = wire.FromPlainText(q.Text)
		return err
	}
	return match.Invalidf("query", "is missing: give a demand_id, a patent_number or a text")
}

func notEmpty(field, s string) error {
	if s == "" {
		return match.Invalidf(field, "is empty")
	}
	return nil
}
