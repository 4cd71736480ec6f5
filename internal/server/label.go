package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// labels is the LabelService.
type labels struct {
	pb.UnimplementedLabelServiceServer
	store    store.Labels
	maxBatch int
}

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
		if list[i], err = wire.FromLabel(label, tenant); err != nil {
			return nil, inList("label", i, err)
		}
	}
	if len(list) > 0 {
		if err := l.store.PutLabels(ctx, list); err != nil {
			return nil, err
		}
	}
	return &pb.BatchWriteLabelsResponse{}, nil
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
	var after *match.Label
	if place != nil {
		after = &match.Label{Tenant: tenant, Demand: place.Demand, Patent: place.Patent, Rater: place.Rater, Source: place.Source}
	}
	found, err := l.store.ListLabels(ctx, tenant, after, size+1)
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
