package server

import (
	"cmp"
	"context"
	"slices"
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

// LiveModels tells the models that an engine answers with.
func LiveModels(e *retrieve.Engine) []Model {
	return []Model{
		{ID: e.Embedder.Identity(), Kind: EmbedderModel, Dim: e.Embedder.Dim(), Live: true},
		{ID: e.Ranker.Identity(), Kind: RankerModel, Live: true},
	}
}

// models is the ModelService.
type models struct {
	pb.UnimplementedModelServiceServer
	list []Model
}

func (m *models) ListModels(context.Context, *pb.ListModelsRequest) (*pb.ListModelsResponse, error) {
	sorted := slices.SortedFunc(slices.Values(m.list), func(a, b Model) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	out := &pb.ListModelsResponse{}
	for _, model := range sorted {
		out.Models = append(out.Models, toModel(model))
	}
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
func live(list []Model, kind ModelKind) string {
	for _, m := range list {
		if m.Kind == kind && m.Live {
			return m.ID
		}
	}
	return ""
}
