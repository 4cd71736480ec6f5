package server

import (
	"context"
	"errors"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// events is the EventService.
type events struct {
	pb.UnimplementedEventServiceServer
	store    store.Events
	recorder *feedback.Recorder
	metrics  *metrics
	maxBatch int
}

func (e *events) RecordEvents(ctx context.Context, req *pb.RecordEventsRequest) (*pb.RecordEventsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := checkBatch("events", len(req.GetEvents()), e.maxBatch); err != nil {
		return nil, err
	}
	out := &pb.RecordEventsResponse{Results: make([]*pb.EventResult, len(req.GetEvents()))}
	var sound []match.Event
	var places []int // of sound ones in the request
	for i, given := range req.GetEvents() {
		event, err := wire.FromEvent(given, tenant)
		if err != nil {
			out.Results[i] = wire.ToEventResult(&feedback.Result{EventOutcome: store.EventOutcome{ID: given.GetId(), Change: store.Refused, Err: err}})
			e.metrics.event("", store.Refused, "")
			continue
		}
		sound, places = append(sound, event), append(places, i)
	}
	results, err := e.recorder.Record(ctx, sound)
	if err != nil {
		return nil, err
	}
	for i := range results {
		results[i].Err = inEvent(results[i].Err)
		out.Results[places[i]] = wire.ToEventResult(&results[i])
		e.metrics.event(sound[i].Type, results[i].Change, results[i].Proof)
	}
	return out, nil
}

// inEvent makes of the field rank_shown the field event.rank_shown, as it is where a
// message cannot be read.
func inEvent(err error) error {
	var e *match.Error
	if !errors.As(err, &e) || e.Field == "" {
		return err
	}
	at := *e
	at.Field = "event." + e.Field
	return &at
}

func (e *events) ListEvents(ctx context.Context, req *pb.ListEventsRequest) (*pb.ListEventsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	size, err := pageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, err
	}
	q, err := wire.FromListEvents(req, tenant)
	if err != nil {
		return nil, err
	}
	if q.After, err = placeOf[int64](req, req.GetPageToken()); err != nil {
		return nil, err
	}
	q.Limit = size + 1
	found, err := e.store.ListEvents(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &pb.ListEventsResponse{}
	for i := range found[:min(size, len(found))] {
		out.Events = append(out.Events, wire.ToEvent(&found[i]))
	}
	if len(found) > size {
		out.NextPageToken = nextPage(req, found[size-1].Seq)
	}
	return out, nil
}

func (e *events) GetRating(ctx context.Context, req *pb.GetRatingRequest) (*pb.GetRatingResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	ref, err := wire.FromRecordName(req.GetKind(), req.GetId(), tenant)
	if err != nil {
		return nil, err
	}
	found, err := e.store.Ratings(ctx, []match.Ref{ref})
	if err != nil {
		return nil, err
	}
	return &pb.GetRatingResponse{Rating: wire.ToRating(found[0])}, nil
}
