package feedback

import (
	"context"

	"github.com/google/uuid"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Recorder writes events after it has compared them with the answers that they name.
type Recorder struct {
	Events store.Events
	// Find returns kept answers, as store.Answers.Answers does.
	Find func(ctx context.Context, tenant string, requests []string) ([]*match.Kept, error)
}

// Result is what became of an event.
type Result struct {
	store.EventOutcome
	Proof match.EventProof
}

// Record writes events. Those that contradict the answer that they name are refused with
// an error of kind match.Invalid, as those that are not valid; one whose answer is not
// kept is written and marked, whatever it says of itself: see match.SaidProof. An event without an id gets one, and one without a rank
// that of the answer.
func (r *Recorder) Record(ctx context.Context, events []match.Event) ([]Result, error) {
	answers, err := r.answers(ctx, events)
	if err != nil {
		return nil, err
	}
	out := make([]Result, len(events))
	var sound []match.Event
	var places []int
	for i := range events {
		e := events[i]
		if e.ID == "" {
			e.ID = uuid.Must(uuid.NewV7()).String()
		}
		err := e.Validate()
		if err == nil {
			err = compare(&e, answers[[2]string{e.Tenant, e.Request}])
		}
		out[i] = Result{store.EventOutcome{ID: e.ID, Change: store.Refused, Err: match.About("event "+e.ID, err)}, e.Proof}
		if err == nil {
			sound, places = append(sound, e), append(places, i)
		}
	}
	if len(sound) == 0 {
		return out, nil
	}
	outcomes, err := r.Events.PutEvents(ctx, sound)
	for i, o := range outcomes {
		out[places[i]].EventOutcome = o
	}
	return out, err
}

// answers finds what the events name, by tenant and request.
func (r *Recorder) answers(ctx context.Context, events []match.Event) (map[[2]string]*match.Kept, error) {
	wanted := map[string][]string{}
	out := map[[2]string]*match.Kept{}
	for i := range events {
		name := [2]string{events[i].Tenant, events[i].Request}
		if _, known := out[name]; !known && name[1] != "" {
			out[name] = nil
			wanted[name[0]] = append(wanted[name[0]], name[1])
		}
	}
	for tenant, requests := range wanted {
		found, err := r.Find(ctx, tenant, requests)
		if err != nil {
			return nil, err
		}
		for i, k := range found {
			out[[2]string{tenant, requests[i]}] = k
		}
	}
	return out, nil
}

// compare holds an event against its answer, and fills in its rank and its proof.
func compare(e *match.Event, k *match.Kept) error {
	switch {
	case e.Request == "":
		e.Proof = match.NoProof
		return nil
	case k == nil:
		if e.Proof == match.ShownProof || e.Proof == match.SaidProof {
			e.Proof = match.SaidProof
		} else {
			e.Proof = match.UnknownProof
		}
		return nil
	}
	hit := k.Hit(e.Demand, e.Patent)
	if hit == nil {
		asked, field := e.Demand, "patent_number"
		if k.Query.Kind == match.PatentKind {
			asked, field = e.Patent, "demand_id"
		}
		if k.Query.ID != "" && k.Query.ID != asked { // the other one is wrong
			field = map[string]string{"patent_number": "demand_id", "demand_id": "patent_number"}[field]
		}
		return match.Invalidf(field, "is not in the answer of the request")
	}
	if e.Rank == 0 {
		e.Rank = hit.Rank
	}
	if e.Rank != hit.Rank {
		return match.Invalidf("rank_shown", "is %d; the answer has the pair at %d", e.Rank, hit.Rank)
	}
	e.Proof = match.ShownProof
	return nil
}
