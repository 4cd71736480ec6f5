package server

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/retrieve"
)

// ModelKind is what a model does.
type ModelKind int32

// Kinds of models, in the order in which they are listed.
const (
	EmbedderModel = ModelKind(pb.ModelKind_MODEL_KIND_EMBEDDER)
	RankerModel   = ModelKind(pb.ModelKind_MODEL_KIND_RANKER)
)

// Model is a version of an embedder or a ranker; see the API for its fields.
type Model struct {
	ID        string
	Kind      ModelKind
	Title     string
	Card      string // Markdown
	Aliases   []string
	Parent    string
	DataHash  string
	Seed      int64
	Metrics   map[string]float64
	Sectors   []string
	CreatedAt time.Time
	Live      bool
	Dim       int // 0 for a ranker
}

// LiveModels tells the models that an engine answers with at the time of asking.
func LiveModels(e *retrieve.Engine) func() []Model {
	return func() []Model {
		e := e.Live()
		return []Model{
			{ID: e.Embedder.Identity(), Kind: EmbedderModel, Dim: e.Embedder.Dim(), Live: true},
			{ID: e.Own().Identity(), Kind: RankerModel, Live: true},
		}
	}
}

// models is the ModelService.
type models struct {
	pb.UnimplementedModelServiceServer
	config     *Config
	list       func() []Model // nil: none
	reembed    Reembedder     // nil: the embedder cannot be changed
	operations *operations
	pace       sync.Mutex // held by who changes it
}

func (m *models) ListModels(ctx context.Context, _ *pb.ListModelsRequest) (*pb.ListModelsResponse, error) {
	sorted := slices.SortedFunc(slices.Values(listed(m.list)), func(a, b Model) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	out := &pb.ListModelsResponse{}
	for _, model := range sorted {
		out.Models = append(out.Models, toModel(model))
	}
	tuned, err := m.tuned(ctx)
	if err != nil {
		return nil, err
	}
	out.Models = slices.DeleteFunc(out.Models, func(live *pb.Model) bool {
		return slices.ContainsFunc(tuned, func(t *pb.Model) bool { return t.GetId() == live.GetId() })
	})
	out.Models = append(out.Models, tuned...)
	slices.SortStableFunc(out.Models, func(a, b *pb.Model) int {
		return cmp.Or(cmp.Compare(a.GetKind(), b.GetKind()), cmp.Compare(a.GetId(), b.GetId()))
	})
	return out, nil
}

func toModel(m Model) *pb.Model {
	out := &pb.Model{
		Id: m.ID, Kind: pb.ModelKind(m.Kind), Title: m.Title, Card: m.Card, Aliases: m.Aliases,
		Parent: m.Parent, DataHash: m.DataHash, Seed: m.Seed, Metrics: m.Metrics,
		Sectors: m.Sectors, Live: m.Live, Dim: int32(m.Dim),
	}
	if !m.CreatedAt.IsZero() {
		out.CreateTime = timestamppb.New(m.CreatedAt)
	}
	return out
}

// live gives the identity of the live model of a kind; empty if there is none.
func live(list func() []Model, kind ModelKind) string {
	for _, m := range listed(list) {
		if m.Kind == kind && m.Live {
			return m.ID
		}
	}
	return ""
}

func listed(list func() []Model) []Model {
	if list == nil {
		return nil
	}
	return list()
}
