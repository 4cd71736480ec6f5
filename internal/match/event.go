package match

import (
	"slices"
	"time"
)

// Event is what one side did with a hit, from seeing it to signing a contract.
type Event struct {
	// ID is the event's identity in its tenant; the service makes one where it is empty.
	ID     string `json:"id,omitempty"`
	Tenant string `json:"tenant,omitempty"`
	// Request is the id of the request whose answer the event is about. Steps after
	// the answer was left (contact and later) may have none.
	Request string `json:"request_id,omitempty"`
	Demand  string `json:"demand_id"`
	Patent  string `json:"patent_number"`
	// Rank is the place at which the hit was shown, from 1; 0 is unknown.
	Rank int `json:"rank_shown,omitempty"`
	// Side is who acted: the holder of the patent, or the enterprise with the demand.
	Side Kind      `json:"side"`
	Type EventType `json:"type"`
	// Reason is why, for a rejection, and empty for anything else.
	Reason RejectionReason `json:"reason,omitempty"`
	// Rating is what Side gives the other one after contact, 1 to 5; 0 is none.
	Rating int       `json:"rating,omitempty"`
	Note   string    `json:"note,omitempty"`
	At     time.Time `json:"time,omitzero"`

	// Proof tells whether the answer that the event names was there to be looked up.
	// The service sets it; of a new event it is what is said of it elsewhere.
	Proof EventProof `json:"proof,omitempty"`
	// Seq orders the events of a store.
	Seq int64 `json:"-"`
}

// EventType is a step on the way from an answer to a contract.
type EventType string

const (
	Impression  EventType = "impression"
	View        EventType = "view"
	Save        EventType = "save"
	Contact     EventType = "contact"
	Reply       EventType = "reply"
	Rejection   EventType = "rejection"
	Negotiation EventType = "negotiation"
	LicenceSign EventType = "licence"
	Contract    EventType = "contract"
)

// EventTypes lists all of them, in the order in which they usually come.
var EventTypes = []EventType{Impression, View, Save, Contact, Reply, Rejection, Negotiation, LicenceSign, Contract}

// InAnswer tells whether a step is taken in an answer, so that it must name it.
func (t EventType) InAnswer() bool { return t == Impression || t == View || t == Save }

// AfterContact tells whether who takes a step may have met the other side, so that a
// rating can come with it.
func (t EventType) AfterContact() bool { return !t.InAnswer() }

// RejectionReason is why a hit was turned down.
type RejectionReason string

const (
	WrongField       RejectionReason = "wrong_field"
	WrongProblem     RejectionReason = "wrong_problem"
	Underperforming  RejectionReason = "insufficient_performance"
	NotMature        RejectionReason = "not_mature"
	TooExpensive     RejectionReason = "price"
	WrongTransfer    RejectionReason = "transfer_mode"
	DoubtfulRight    RejectionReason = "legal_status"
	TooFar           RejectionReason = "region"
	KnownAlready     RejectionReason = "already_known"
	NoAnswer         RejectionReason = "no_answer"
	NeedGone         RejectionReason = "need_gone"
	RejectedForOther RejectionReason = "other"
)

// RejectionReasons lists all of them.
var RejectionReasons = []RejectionReason{
	WrongField, WrongProblem, Underperforming, NotMature, TooExpensive, WrongTransfer,
	DoubtfulRight, TooFar, KnownAlready, NoAnswer, NeedGone, RejectedForOther,
}

// EventProof tells how far an event was compared with the answer that it names.
type EventProof string

const (
	// ShownProof: the answer has the pair, at the rank that the event tells.
	ShownProof EventProof = "shown"
	// UnknownProof: the answer is not kept (any more), or never was.
	UnknownProof EventProof = "unknown_request"
	// NoProof: the event names no request.
	NoProof EventProof = "no_request"
	// SaidProof: the answer is not kept here; who wrote the event says that it was shown.
	// A file can say so of any event.
	SaidProof EventProof = "said_shown"
)

// Rated is the record that the event's rating is of: the other side's.
func (e *Event) Rated() Ref {
	if e.Side == DemandKind {
		return Ref{Tenant: e.Tenant, Kind: PatentKind, ID: e.Patent}
	}
	return Ref{Tenant: e.Tenant, Kind: DemandKind, ID: e.Demand}
}

// Validate checks every field and names all that are bad; see Faults.
func (e *Event) Validate() error {
	return Faults(
		optionalID("id", e.ID),
		required("tenant", e.Tenant, maxName),
		e.validRequest(),
		validID("demand_id", e.Demand),
		validID("patent_number", e.Patent),
		inRange("rank_shown", e.Rank, 0, MaxDepth),
		oneOf("side", e.Side, PatentKind, DemandKind),
		oneOf("type", e.Type, EventTypes...),
		e.validReason(),
		e.validRating(),
		validText("note", e.Note, maxTitle),
	)
}

func optionalID(field, s string) error {
	if s == "" {
		return nil
	}
	return validID(field, s)
}

func (e *Event) validRequest() error {
	if e.Request == "" && e.Type.InAnswer() && slices.Contains(EventTypes, e.Type) {
		return Invalidf("request_id", "is needed for an event of type %s", string(e.Type))
	}
	return optionalID("request_id", e.Request)
}

func (e *Event) validReason() error {
	switch {
	case e.Type != Rejection && e.Reason != "":
		return Invalidf("reason", "is for rejections alone")
	case e.Type != Rejection:
		return nil
	case e.Reason == "":
		return Invalidf("reason", "is needed for a rejection: one of %s", listed(RejectionReasons))
	case e.Reason == RejectedForOther && e.Note == "":
		return Invalidf("note", "must say why, for a rejection with the reason other")
	}
	return oneOf("reason", e.Reason, RejectionReasons...)
}

func (e *Event) validRating() error {
	if e.Rating == 0 {
		return nil
	}
	if !e.Type.AfterContact() {
		return Invalidf("rating", "comes after contact: not with an event of type %s", string(e.Type))
	}
	return inRange("rating", e.Rating, 1, 5)
}

// Repeats tells whether e says what was written already under its id. What the
// service filled in when it was written, its time and its rank, need not be said again.
func (e *Event) Repeats(written *Event) bool {
	a, b := *e, *written
	if a.At.IsZero() || a.At.Equal(b.At) {
		a.At = b.At
	}
	if a.Rank == 0 {
		a.Rank = b.Rank
	}
	a.Proof, a.Seq = b.Proof, b.Seq
	return a == b
}

// Plus is the rating of both together; nil is none.
func (r *Rating) Plus(o *Rating) *Rating {
	switch {
	case r == nil || r.Count == 0:
		return o
	case o == nil || o.Count == 0:
		return r
	}
	n := r.Count + o.Count
	return &Rating{Mean: (r.Mean*float64(r.Count) + o.Mean*float64(o.Count)) / float64(n), Count: n}
}
