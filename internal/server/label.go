package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// labels is the LabelService.
type labels struct {
	pb.UnimplementedLabelServiceServer
	store interface {
		store.Labels
		store.Records
		store.Events
	}
	maxBatch   int
	operations *operations
	config     *Config
}

// BatchWriteLabels wants to know who judged, as the command line does: of two labels
// without a rater the second would replace the first. Files of labels that an import reads
// may lack raters; those labels are listed and withdrawn as any others.
func (l *labels) BatchWriteLabels(ctx context.Context, req *pb.BatchWriteLabelsRequest) (*pb.BatchWriteLabelsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := checkBatch("labels", len(req.GetLabels()), l.maxBatch); err != nil {
		return nil, err
	}
	list := make([]match.Label, len(req.GetLabels()))
	for i, label := range req.GetLabels() {
		if list[i], err = wire.FromLabel(label, tenant); err == nil && strings.TrimSpace(list[i].Rater) == "" {
			err = match.Invalidf("label.rater", "is empty")
		}
		if err != nil {
			return nil, inList("label", i, err)
		}
	}
	if len(list) == 0 {
		return &pb.BatchWriteLabelsResponse{}, nil
	}
	if err := l.store.PutLabels(ctx, list); err != nil {
		return nil, err
	}
	return l.written(ctx, list)
}

// written says which of the records that labels name do not exist.
func (l *labels) written(ctx context.Context, list []match.Label) (*pb.BatchWriteLabelsResponse, error) {
	n, unknown, err := store.Unknown(ctx, l.store, list)
	if err != nil {
		return nil, err
	}
	out := &pb.BatchWriteLabelsResponse{LabelsWithoutRecords: int32(n)}
	for _, ref := range unknown {
		if ref.Kind == match.DemandKind {
			out.UnknownDemandIds = append(out.UnknownDemandIds, ref.ID)
		} else {
			out.UnknownPatentNumbers = append(out.UnknownPatentNumbers, ref.ID)
		}
	}
	return out, nil
}

func (l *labels) WithdrawLabels(ctx context.Context, req *pb.WithdrawLabelsRequest) (*pb.WithdrawLabelsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := checkBatch("labels", len(req.GetLabels()), l.maxBatch); err != nil {
		return nil, err
	}
	list := make([]match.Label, len(req.GetLabels()))
	for i, name := range req.GetLabels() {
		if list[i], err = wire.FromLabelName(name, tenant); err != nil {
			return nil, inList("label", i, err)
		}
	}
	if len(list) == 0 {
		return &pb.WithdrawLabelsResponse{}, nil
	}
	n, err := l.store.WithdrawLabels(ctx, list)
	if err != nil {
		return nil, err
	}
	return &pb.WithdrawLabelsResponse{Withdrawn: int32(n)}, nil
}

// inList makes of the field label.level the field labels[3].level.
func inList(name string, i int, err error) error {
	var e *match.Error
	if !errors.As(err, &e) {
		return err
	}
	at := *e
	at.Field = fmt.Sprintf("%ss[%d]%s", name, i, strings.TrimPrefix(e.Field, name))
	return &at
}

// labelPlace is the last label of a page.
type labelPlace struct {
	Demand string            `json:"d"`
	Patent string            `json:"p"`
	Rater  string            `json:"r"`
	Source match.LabelSource `json:"s"`
}

func (l *labels) ListLabels(ctx context.Context, req *pb.ListLabelsRequest) (*pb.ListLabelsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	size, err := pageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	place, err := placeOf[*labelPlace](req, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	q, err := wire.FromListLabels(req, tenant)
	if err != nil {
		return nil, err
	}
	q.Limit = size + 1
	if place != nil {
		q.After = &match.Label{Tenant: tenant, Demand: place.Demand, Patent: place.Patent, Rater: place.Rater, Source: place.Source}
	}
	found, err := l.store.ListLabels(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &pb.ListLabelsResponse{}
	if len(found) > size {
		found = found[:size]
		last := found[size-1]
		out.NextPageToken = nextPage(req, labelPlace{last.Demand, last.Patent, last.Rater, last.Source})
	}
	for _, label := range found {
		out.Labels = append(out.Labels, wire.ToLabel(label))
	}
	return out, nil
}

// deriveType is the type of the operation; two at a time would do the same.
const deriveType = "derive_labels"

func (l *labels) DeriveLabels(_ context.Context, req *pb.DeriveLabelsRequest) (*pb.DeriveLabelsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	op, err := l.operations.start(deriveType, func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
		got, err := feedback.Derive(ctx, l.store, tenant, func(done int64) { progress(done, 0) })
		if err != nil {
			return nil, err
		}
		gone, err := feedback.Replace(ctx, l.store, tenant, got.Labels)
		if err != nil {
			return nil, err
		}
		return &pb.Operation{Result: &pb.Operation_DeriveLabels{DeriveLabels: &pb.DeriveLabelsResult{
			Events: got.Events, Labels: int64(len(got.Labels)), Withdrawn: int64(gone),
			Propensities: got.Propensities.At, RankPairs: int64(got.Propensities.RankPairs),
		}}}, nil
	})
	return &pb.DeriveLabelsResponse{Operation: op}, err
}
