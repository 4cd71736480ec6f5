package main

import (
	"context"
	"net/url"
	"strconv"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// serverLabels keeps labels with a running server.
type serverLabels struct{ *remote }

func newServerLabels(base string) (*serverLabels, error) {
	r, err := newRemote(base)
	return &serverLabels{r}, err
}

func (s *serverLabels) Close() error { return nil }

func (s *serverLabels) wantsRaters() bool { return true }

func (s *serverLabels) put(ctx context.Context, labels []match.Label) (n int, missing []match.Ref, err error) {
	for tenant, part := range pagesOf(labels) {
		req := &pb.BatchWriteLabelsRequest{Tenant: tenant}
		for _, l := range part {
			req.Labels = append(req.Labels, wire.ToLabel(l))
		}
		var got pb.BatchWriteLabelsResponse
		if err := s.call(ctx, "POST", "/v1/labels:batchWrite", nil, req, &got); err != nil {
			return n, missing, err
		}
		n += int(got.GetLabelsWithoutRecords())
		for _, id := range got.GetUnknownDemandIds() {
			missing = append(missing, match.Ref{Tenant: tenant, Kind: match.DemandKind, ID: id})
		}
		for _, id := range got.GetUnknownPatentNumbers() {
			missing = append(missing, match.Ref{Tenant: tenant, Kind: match.PatentKind, ID: id})
		}
	}
	return n, missing, nil
}

// pagesOf cuts labels into requests: of one tenant, and not too large.
func pagesOf(labels []match.Label) func(yield func(string, []match.Label) bool) {
	return func(yield func(string, []match.Label) bool) {
		for from := 0; from < len(labels); {
			to := from + 1
			for to < len(labels) && to-from < labelPage && labels[to].Tenant == labels[from].Tenant {
				to++
			}
			if !yield(labels[from].Tenant, labels[from:to]) {
				return
			}
			from = to
		}
	}
}

func (s *serverLabels) list(ctx context.Context, q store.LabelQuery, take func(match.Label) error) error {
	query := url.Values{"tenant": {q.Tenant}, "page_size": {strconv.Itoa(min(q.Limit, labelPage))},
		"demand_id": {q.Demand}, "patent_number": {q.Patent}, "rater": {q.Rater}}
	if q.Source != "" {
		query.Set("source", wire.ToLabel(match.Label{Source: q.Source}).GetSource().String())
	}
	for {
		var page pb.ListLabelsResponse
		if err := s.call(ctx, "GET", "/v1/labels", query, nil, &page); err != nil {
			return err
		}
		for _, l := range page.GetLabels() {
			label, err := wire.FromLabel(l, q.Tenant)
			if err != nil {
				return err
			}
			if err := take(label); err != nil {
				return err
			}
		}
		if page.GetNextPageToken() == "" {
			return nil
		}
		query.Set("page_token", page.GetNextPageToken())
	}
}

func (s *serverLabels) withdraw(ctx context.Context, labels []match.Label) (n int, err error) {
	for tenant, part := range pagesOf(labels) {
		req := &pb.WithdrawLabelsRequest{Tenant: tenant}
		for _, l := range part {
			req.Labels = append(req.Labels, &pb.LabelName{DemandId: l.Demand, PatentNumber: l.Patent, Rater: l.Rater, Source: wire.ToLabel(l).GetSource()})
		}
		var got pb.WithdrawLabelsResponse
		if err := s.call(ctx, "POST", "/v1/labels:withdraw", nil, req, &got); err != nil {
			return n, err
		}
		n += int(got.GetWithdrawn())
	}
	return n, nil
}
