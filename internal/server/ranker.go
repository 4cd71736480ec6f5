package server

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

var errFixedRanker = &match.Error{Kind: match.Denied, Reason: "this server has no registry of models"}

// rankers is the registry, or an error where there is none.
func (m *models) rankers() (*registry.Registry, error) {
	if m.config.Rankers == nil {
		return nil, errFixedRanker
	}
	return m.config.Rankers, nil
}

// tuned lists the tuned models, for ListModels.
func (m *models) tuned(ctx context.Context) ([]*pb.Model, error) {
	if m.config.Rankers == nil {
		return nil, nil
	}
	all, err := m.config.Rankers.Versions(ctx)
	if err != nil {
		return nil, err
	}
	l := m.config.Rankers.Lineup()
	var out []*pb.Model
	for i := range all {
		one := wire.ToVersion(&all[i], l)
		one.Card = "" // GetModel has it
		out = append(out, one)
	}
	return out, nil
}

func (m *models) GetModel(ctx context.Context, req *pb.GetModelRequest) (*pb.GetModelResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	if err := notEmpty("id", req.GetId()); err != nil {
		return nil, err
	}
	// A path of one part, such as that of an alias, comes with the slash behind it.
	id, l := vocabulary.Alias(strings.TrimSuffix(req.GetId(), "/")), r.Lineup()
	if ranker, _ := l.Ranker(id); ranker != nil { // an alias
		id = ranker.Identity()
	}
	v, err := r.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	return &pb.GetModelResponse{Model: wire.ToVersion(&v, l)}, nil
}

func (m *models) AddModel(ctx context.Context, req *pb.AddModelRequest) (*pb.AddModelResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	v, err := r.Add(ctx, req.GetFile(), registry.Addition{
		Title: req.GetTitle(), Parent: req.GetParent(), Sectors: req.GetSectors(), By: req.GetBy(), Note: req.GetNote(),
	})
	if err != nil {
		return nil, err
	}
	return &pb.AddModelResponse{Model: wire.ToVersion(&v, r.Lineup())}, nil
}

// promoteType is the type of the operation. Several may go on at once, of which one
// changes an alias.
const promoteType = "promote_model"

func (m *models) PromoteModel(_ context.Context, req *pb.PromoteModelRequest) (*pb.PromoteModelResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	p := wire.FromPromotion(req)
	p.Alias = vocabulary.Alias(p.Alias)
	op, err := m.operations.startAs(promoteType, promoteType+"/"+p.Alias+"/"+p.Model, func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
		change, err := r.Promote(ctx, p, func(done, total int) { progress(int64(done), int64(total)) })
		if err != nil {
			return &pb.Operation{Refusal: wire.ToDecision(change.Decision)}, err
		}
		return &pb.Operation{Result: &pb.Operation_Promote{Promote: wire.ToChange(change)}}, nil
	})
	return &pb.PromoteModelResponse{Operation: op}, err
}

func (m *models) RollbackModel(ctx context.Context, req *pb.RollbackModelRequest) (*pb.RollbackModelResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	change, err := r.Rollback(ctx, vocabulary.Alias(req.GetAlias()), req.GetBy(), req.GetReason())
	if err != nil {
		return nil, err
	}
	return &pb.RollbackModelResponse{Change: wire.ToChange(change)}, nil
}

func (m *models) ListModelChanges(ctx context.Context, req *pb.ListModelChangesRequest) (*pb.ListModelChangesResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	size, err := pageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	before, err := placeOf[int64](req, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	found, err := r.History(ctx, vocabulary.Alias(req.GetAlias()), before, size+1)
	if err != nil {
		return nil, err
	}
	out := &pb.ListModelChangesResponse{}
	for i := range found[:min(size, len(found))] {
		out.Changes = append(out.Changes, wire.ToModelChange(&found[i]))
	}
	if len(found) > size {
		out.NextPageToken = nextPage(req, found[size-1].Seq)
	}
	return out, nil
}

func (m *models) FreezeDataset(ctx context.Context, req *pb.FreezeDatasetRequest) (*pb.FreezeDatasetResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	d, left, err := r.Freeze(ctx, registry.Freezing{
		Name: req.GetName(), Tenant: tenant, By: req.GetBy(), Note: req.GetNote(), Share: req.GetShare(), Seed: uint64(req.GetSeed()),
	})
	if err != nil {
		return nil, err
	}
	return &pb.FreezeDatasetResponse{Dataset: wire.ToDataset(&d), RemainingPairs: int64(left.Pairs), RemainingDemands: int64(left.Demands)}, nil
}

func (m *models) RetireDataset(ctx context.Context, req *pb.RetireDatasetRequest) (*pb.RetireDatasetResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	if err := notEmpty("name", req.GetName()); err != nil {
		return nil, err
	}
	d, err := r.Retire(ctx, req.GetName(), req.GetBy(), req.GetReason())
	if err != nil {
		return nil, err
	}
	return &pb.RetireDatasetResponse{Dataset: wire.ToDataset(&d)}, nil
}

func (m *models) ListDatasets(ctx context.Context, _ *pb.ListDatasetsRequest) (*pb.ListDatasetsResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	all, err := r.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	out := &pb.ListDatasetsResponse{}
	for i := range all {
		out.Datasets = append(out.Datasets, wire.ToDataset(&all[i]))
	}
	return out, nil
}

// tuneType is the type of the operation. One goes on at a time: it takes all that the
// answers leave of the machine. The same request again is told of the one under way; a
// different one is refused.
const tuneType = "tune"

func (m *models) Tune(_ context.Context, req *pb.TuneRequest) (*pb.TuneResponse, error) {
	r, err := m.rankers()
	if err != nil {
		return nil, err
	}
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := notEmpty("name", req.GetName()); err != nil {
		return nil, err
	}
	t := registry.Training{
		Tenant: tenant, Name: req.GetName(), Parent: req.GetParent(), By: req.GetBy(), Note: req.GetNote(),
		Seed: uint64(req.GetSeed()), Sectors: req.GetSectors(),
	}
	if m.config.Live != nil {
		t.Reference = referenceBy(m.config.Live)
	}
	key, err := (proto.MarshalOptions{Deterministic: true}).Marshal(req)
	if err != nil {
		return nil, err
	}
	op, err := m.operations.startAlone(tuneType, tuneType+"/"+string(key), func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
		v, report, err := r.Train(ctx, t, stages(progress))
		if err != nil {
			return nil, err
		}
		out := &pb.TuneResult{Model: wire.ToVersion(&v, r.Lineup())}
		if report != nil {
			for _, w := range report.Warnings {
				out.Warnings = append(out.Warnings, &pb.LocalText{Zh: w.Text.ZH, En: w.Text.EN})
			}
		}
		return &pb.Operation{Result: &pb.Operation_Tune{Tune: out}}, nil
	})
	return &pb.TuneResponse{Operation: op}, err
}
