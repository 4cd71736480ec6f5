package replay

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// Answered is an answer with what was asked, in the domain's form and on the wire.
type Answered struct {
	Asked    match.Request
	Answer   *match.Answer
	Request  *pb.MatchRequest
	Response *pb.MatchResponse
	At       time.Time
	// KeepTexts keeps a text that is not stored. Otherwise its hash is, and what quotes
	// it is not.
	KeepTexts bool
}

// Kept gives the form in which an answer is kept. It changes nothing of a.
func (a Answered) Kept() (*match.Kept, error) {
	out := &match.Kept{
		RequestID: a.Asked.ID, Tenant: a.Asked.Tenant, At: a.At.UTC().Truncate(time.Microsecond),
		Query:  a.query(),
		Filter: a.Asked.Filter, Limit: a.Asked.Limit, Offset: a.Asked.Offset, Explain: a.Asked.Explain,
		Versions: a.Answer.Versions, Pilot: a.Answer.Route.Pilot, Arm: a.Answer.Route.Arm, Party: a.Answer.Route.Party,
	}
	for i := range a.Answer.Hits {
		h := &a.Answer.Hits[i]
		kept := match.KeptHit{ID: h.Record.ID, Revision: h.Record.Revision, Rank: h.Rank, Value: h.Score.Value, Logit: h.Score.Logit, Team: h.Team}
		if h.Record.Tenant != a.Asked.Tenant {
			kept.Tenant = h.Record.Tenant
		}
		out.Hits = append(out.Hits, kept)
	}
	var err error
	out.Sent, err = proto.MarshalOptions{Deterministic: true}.Marshal(a.bare())
	return out, err
}

func (a Answered) query() match.KeptQuery {
	q := &a.Answer.Query
	out := match.KeptQuery{Kind: q.Kind, ID: q.ID, Revision: q.Revision}
	if q.ID == "" {
		texts := a.Asked.Texts
		out.TextHash = match.HashOfTexts(texts)
		if a.KeepTexts {
			out.Texts = &texts
		}
	}
	return out
}

// bare is the answer without texts. Strings are not copied, so that it costs no more for
// large records.
func (a Answered) bare() *pb.ReplayResponse {
	out := &pb.ReplayResponse{Request: proto.CloneOf(a.Request), Answer: proto.CloneOf(a.Response)}
	quoted := a.Answer.Query.ID == "" && !a.KeepTexts
	if text := out.GetRequest().GetText(); text != nil {
		text.Title, text.Body = "", ""
	}
	for _, h := range out.GetAnswer().GetHits() {
		bareHit(h)
		if quoted {
			h.Explanation = nil
			continue
		}
		eachSpan(h.ProtoReflect(), func(s *pb.Span) { s.Text = "" })
	}
	return out
}

// bareHit leaves of a record what its revision does not have: its name in the answer, its
// number, and the rating, to which events add.
func bareHit(h *pb.Hit) {
	switch r := h.GetRecord().(type) {
	case *pb.Hit_Patent:
		h.Record = &pb.Hit_Patent{Patent: &pb.Patent{Number: r.Patent.GetNumber(), Rating: r.Patent.GetRating(), Info: bareInfo(r.Patent.GetInfo())}}
	case *pb.Hit_Demand:
		h.Record = &pb.Hit_Demand{Demand: &pb.Demand{Id: r.Demand.GetId(), Rating: r.Demand.GetRating(), Info: bareInfo(r.Demand.GetInfo())}}
	}
}

func bareInfo(i *pb.RecordInfo) *pb.RecordInfo {
	return &pb.RecordInfo{Tenant: i.GetTenant(), Revision: i.GetRevision(), State: i.GetState(), StateReason: i.GetStateReason()}
}

// eachSpan calls do for every span in m, at any depth.
func eachSpan(m protoreflect.Message, do func(*pb.Span)) {
	if span, ok := m.Interface().(*pb.Span); ok {
		do(span)
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		eachMessage(f, v, func(m protoreflect.Message) { eachSpan(m, do) })
		return true
	})
}

// eachMessage calls do for the message, or the messages, that a field holds.
func eachMessage(f protoreflect.FieldDescriptor, v protoreflect.Value, do func(protoreflect.Message)) {
	switch {
	case f.IsMap():
		if f.MapValue().Message() != nil {
			v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
				do(v.Message())
				return true
			})
		}
	case f.Message() == nil:
	case f.IsList():
		for i := range v.List().Len() {
			do(v.List().Get(i).Message())
		}
	default:
		do(v.Message())
	}
}
