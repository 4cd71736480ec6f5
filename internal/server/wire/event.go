package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var eventTypes = newEnum(map[match.EventType]pb.EventType{
	match.Impression:  pb.EventType_EVENT_TYPE_IMPRESSION,
	match.View:        pb.EventType_EVENT_TYPE_VIEW,
	match.Save:        pb.EventType_EVENT_TYPE_SAVE,
	match.Contact:     pb.EventType_EVENT_TYPE_CONTACT,
	match.Reply:       pb.EventType_EVENT_TYPE_REPLY,
	match.Rejection:   pb.EventType_EVENT_TYPE_REJECTION,
	match.Negotiation: pb.EventType_EVENT_TYPE_NEGOTIATION,
	match.LicenceSign: pb.EventType_EVENT_TYPE_LICENCE,
	match.Contract:    pb.EventType_EVENT_TYPE_CONTRACT,
})

var rejectionReasons = newEnum(map[match.RejectionReason]pb.RejectionReason{
	match.WrongField:       pb.RejectionReason_REJECTION_REASON_WRONG_FIELD,
	match.WrongProblem:     pb.RejectionReason_REJECTION_REASON_WRONG_PROBLEM,
	match.Underperforming:  pb.RejectionReason_REJECTION_REASON_INSUFFICIENT_PERFORMANCE,
	match.NotMature:        pb.RejectionReason_REJECTION_REASON_NOT_MATURE,
	match.TooExpensive:     pb.RejectionReason_REJECTION_REASON_PRICE,
	match.WrongTransfer:    pb.RejectionReason_REJECTION_REASON_TRANSFER_MODE,
	match.DoubtfulRight:    pb.RejectionReason_REJECTION_REASON_LEGAL_STATUS,
	match.TooFar:           pb.RejectionReason_REJECTION_REASON_REGION,
	match.KnownAlready:     pb.RejectionReason_REJECTION_REASON_ALREADY_KNOWN,
	match.NoAnswer:         pb.RejectionReason_REJECTION_REASON_NO_ANSWER,
	match.NeedGone:         pb.RejectionReason_REJECTION_REASON_NEED_GONE,
	match.RejectedForOther: pb.RejectionReason_REJECTION_REASON_OTHER,
})

var eventProofs = newEnum(map[match.EventProof]pb.EventProof{
	match.ShownProof:   pb.EventProof_EVENT_PROOF_SHOWN,
	match.UnknownProof: pb.EventProof_EVENT_PROOF_UNKNOWN_REQUEST,
	match.NoProof:      pb.EventProof_EVENT_PROOF_NO_REQUEST,
	match.SaidProof:    pb.EventProof_EVENT_PROOF_SAID_SHOWN,
})

// FromEvent reads an event that is to be written for tenant, and validates it.
func FromEvent(e *pb.Event, tenant string) (match.Event, error) {
	r := reader{at: "event"}
	if e == nil {
		r.fail("", "is missing")
		return match.Event{}, r.err
	}
	if own := e.GetTenant(); own != "" && own != tenant {
		r.fail("tenant", "differs from the request's tenant "+tenant)
	}
	out := match.Event{
		ID: e.GetId(), Tenant: tenant, Request: e.GetRequestId(),
		Demand: e.GetDemandId(), Patent: match.NormaliseNumber(e.GetPatentNumber()),
		Rank:   int(e.GetRankShown()),
		Side:   read(&r, "side", kinds, e.GetSide(), 0),
		Type:   read(&r, "type", eventTypes, e.GetType(), 0),
		Reason: read(&r, "reason", rejectionReasons, e.GetReason(), 0),
		Rating: int(e.GetRating()), Note: e.GetNote(), At: r.time("time", e.GetTime()), Proof: eventProofs.values[e.GetProof()],
	}
	if err := r.done("", out.Validate()); err != nil {
		return match.Event{}, err
	}
	return out, nil
}

// ToEvent writes an event.
func ToEvent(e *match.Event) *pb.Event {
	return &pb.Event{
		Id: e.ID, Tenant: e.Tenant, RequestId: e.Request, DemandId: e.Demand, PatentNumber: e.Patent,
		RankShown: int32Of(e.Rank), Side: kinds.number(e.Side), Type: eventTypes.number(e.Type),
		Reason: rejectionReasons.number(e.Reason), Rating: int32Of(e.Rating), Note: e.Note, Time: toTime(e.At),
		Proof: eventProofs.number(e.Proof),
	}
}

// ToEventResult writes what became of an event.
func ToEventResult(r *feedback.Result) *pb.EventResult {
	return &pb.EventResult{Id: r.ID, Change: changes.number(r.Change), Proof: eventProofs.number(r.Proof), Status: ItemStatus(r.Err)}
}

// FromListEvents reads which events of tenant are wanted, without the page.
func FromListEvents(q *pb.ListEventsRequest, tenant string) (store.EventQuery, error) {
	var r reader
	out := store.EventQuery{
		Tenant: tenant, Request: q.GetRequestId(), Demand: q.GetDemandId(), Patent: match.NormaliseNumber(q.GetPatentNumber()),
		Type: read(&r, "type", eventTypes, q.GetType(), 0),
	}
	return out, r.err
}

// FromRecordName reads a kind that must be one.
func FromRecordName(kind pb.RecordKind, id string, tenant string) (match.Ref, error) {
	var r reader
	out := match.RefOf(tenant, read(&r, "kind", kinds, kind, 0), id)
	if out.Kind == "" && r.err == nil {
		r.fail("kind", "is unspecified")
	}
	if id == "" {
		r.fail("id", "is empty")
	}
	return out, r.err
}

// ToRating writes a rating; none is none.
func ToRating(r *match.Rating) *pb.Rating { return toRating(r) }

// FromEventResult reads what became of an event.
func FromEventResult(r *pb.EventResult) feedback.Result {
	out := feedback.Result{EventOutcome: store.EventOutcome{ID: r.GetId(), Change: changes.values[r.GetChange()]}, Proof: eventProofs.values[r.GetProof()]}
	if s := r.GetStatus(); s != nil {
		out.Change, out.Err = store.Refused, fromItemStatus(s)
	}
	return out
}
