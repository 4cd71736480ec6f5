package server

import (
	"context"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/archive"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/server/replay"
	"github.com/duijie/duijie/internal/server/wire"
)

// replays is the ReplayService.
type replays struct {
	pb.UnimplementedReplayServiceServer
	archive *archive.Archive // nil: no answer is kept
	records replay.Records
	models  func() []Model
	config  *Config
}

func (r *replays) Replay(ctx context.Context, req *pb.ReplayRequest) (*pb.ReplayResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := notEmpty("request_id", req.GetRequestId()); err != nil {
		return nil, err
	}
	if r.archive == nil {
		return nil, &match.Error{Kind: match.Denied, Reason: "this server keeps no answers"}
	}
	kept, err := r.archive.Find(ctx, tenant, []string{req.GetRequestId()})
	if err != nil {
		return nil, err
	}
	if kept[0] == nil {
		return nil, &match.Error{Kind: match.NotFound, Record: "request " + req.GetRequestId(), Reason: "its answer is not kept, or not any more"}
	}
	out, err := replay.Restore(ctx, r.records, kept[0])
	if err != nil {
		return nil, err
	}
	ranker := live(r.models, RankerModel)
	if r.config.Rankers != nil {
		national, _ := r.config.Rankers.Lineup().Ranker(registry.National)
		ranker = national.Identity()
	}
	out.VersionsNow = wire.ToVersions(match.Versions{
		Binary: r.config.Version, Embedder: live(r.models, EmbedderModel), Ranker: ranker,
		Catalog: r.config.Catalog.Applied(kept[0].Query.Kind.Other()),
	})
	return out, nil
}

// keep queues an answer, so that it can be replayed. A failure is counted and leaves the
// answer as it is.
func (m *matches) keep(asked match.Request, answer *match.Answer, req *pb.MatchRequest, resp *pb.MatchResponse) {
	if m.archive == nil {
		return
	}
	kept, err := replay.Answered{
		Asked: asked, Answer: answer, Request: req, Response: resp, At: time.Now(), KeepTexts: m.keepTexts,
	}.Kept()
	if err != nil {
		m.metrics.unkept.Inc()
		return
	}
	m.archive.Keep(kept)
}
