package main

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// eventKeeper is where events are: a data folder, or a server.
type eventKeeper interface {
	// record writes events and tells what became of each.
	record(ctx context.Context, events []match.Event) ([]feedback.Result, error)
	// list gives each event that q asks for to take, in order, until take fails.
	list(ctx context.Context, q store.EventQuery, take func(match.Event) error) error
	Close() error
}

// folderEvents keeps events in a data folder.
type folderEvents struct{ store.Store }

func (f folderEvents) record(ctx context.Context, events []match.Event) ([]feedback.Result, error) {
	r := feedback.Recorder{Events: f, Find: f.Answers}
	return r.Record(ctx, events)
}

func (f folderEvents) list(ctx context.Context, q store.EventQuery, take func(match.Event) error) error {
	return eachEvent(ctx, f, q, take)
}

// eachEvent follows the pages of q.
func eachEvent(ctx context.Context, s store.Events, q store.EventQuery, take func(match.Event) error) error {
	for {
		page, err := s.ListEvents(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if err := take(page[i]); err != nil {
				return err
			}
			q.After = page[i].Seq
		}
		if len(page) < q.Limit {
			return nil
		}
	}
}

// serverEvents keeps events with a running server.
type serverEvents struct{ *remote }

func newServerEvents(base string) (*serverEvents, error) {
	r, err := newRemote(base)
	return &serverEvents{r}, err
}

func (s *serverEvents) Close() error { return nil }

func (s *serverEvents) record(ctx context.Context, events []match.Event) ([]feedback.Result, error) {
	var out []feedback.Result
	for from := 0; from < len(events); {
		to := from + 1
		for to < len(events) && to-from < labelPage && events[to].Tenant == events[from].Tenant {
			to++
		}
		req := &pb.RecordEventsRequest{Tenant: events[from].Tenant}
		for i := range events[from:to] {
			req.Events = append(req.Events, wire.ToEvent(&events[from+i]))
		}
		var got pb.RecordEventsResponse
		if err := s.call(ctx, "POST", "/v1/events:record", nil, req, &got); err != nil {
			return out, err
		}
		for _, r := range got.GetResults() {
			out = append(out, wire.FromEventResult(r))
		}
		from = to
	}
	return out, nil
}

func (s *serverEvents) list(ctx context.Context, q store.EventQuery, take func(match.Event) error) error {
	query := url.Values{"tenant": {q.Tenant}, "page_size": {strconv.Itoa(min(q.Limit, labelPage))},
		"request_id": {q.Request}, "demand_id": {q.Demand}, "patent_number": {q.Patent}}
	if q.Type != "" {
		query.Set("type", wire.ToEvent(&match.Event{Type: q.Type}).GetType().String())
	}
	for {
		var page pb.ListEventsResponse
		if err := s.call(ctx, "GET", "/v1/events", query, nil, &page); err != nil {
			return err
		}
		for _, e := range page.GetEvents() {
			event, err := wire.FromEvent(e, q.Tenant)
			if err != nil {
				return err
			}
			if err := take(event); err != nil {
				return err
			}
		}
		if page.GetNextPageToken() == "" {
			return nil
		}
		query.Set("page_token", page.GetNextPageToken())
	}
}

// seenEvents counts the events without an id that a file has, by their content.
type seenEvents map[uuid.UUID]int

// id makes an id of what an event says and of how many before it in its file say the same,
// so that a file that comes again, also with more rows, brings no event twice.
func (s *seenEvents) id(e match.Event) string {
	e.Proof = "" // it says nothing of what happened
	said, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	content := uuid.NewSHA1(uuid.Nil, said)
	if *s == nil {
		*s = seenEvents{}
	}
	(*s)[content]++
	return uuid.NewSHA1(content, []byte(strconv.Itoa((*s)[content]))).String()
}

// writeEvents writes the events of rows, and rejects those that contradict their answers.
func (j *importJob) writeEvents(ctx context.Context, rows []ingest.Row) error {
	events := make([]match.Event, len(rows))
	for i := range rows {
		events[i] = *rows[i].Event
		if events[i].ID == "" {
			events[i].ID = j.at.events.id(events[i])
		}
	}
	results, err := j.events.record(ctx, events)
	if err != nil {
		return err
	}
	for i, r := range results {
		if r.Change == store.Refused {
			if err := j.reject(rows[i], r.Err); err != nil {
				return err
			}
			continue
		}
		j.at.counts.count(r.Change)
		if r.Proof != match.ShownProof {
			j.summary.EventsUnproven++
		}
		if r.Proof == match.SaidProof {
			j.summary.EventsSaidShown++
		}
	}
	return nil
}
