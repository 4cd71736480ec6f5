package replay

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// explanation gives spans their texts back. What quotes a field that was made
// confidential since is taken out, and with it all that is told in words, which may
// quote it too.
func (r *restoring) explanation(h *pb.Hit) {
	if h.GetExplanation() == nil {
		return
	}
	quotes := false
	for _, s := range r.sides {
		for _, f := range s.withheld {
			quotes = quotes || f == "title" || f == "text"
		}
	}
	x := h.GetExplanation().ProtoReflect()
	if quotes {
		r.prune(x)
		eraseWords(x)
		r.withhold("引用了此后转为保密的字段的说明不再显示", "what quotes a field that was made confidential since is not shown")
	}
	eachSpan(x, func(s *pb.Span) { s.Text = r.textOf(s) })
}

// sideOf is the record that a span is of; nil for a text that is not stored.
func (r *restoring) sideOf(s *pb.Span) *side {
	for ref, side := range r.sides {
		if ref.ID == s.GetId() && side.then.Revision == s.GetRevision() && (ref.Kind == match.PatentKind) == (s.GetKind() == pb.RecordKind_RECORD_KIND_PATENT) {
			return side
		}
	}
	return nil
}

func (r *restoring) textOf(s *pb.Span) string {
	at := text.Range{Start: int(s.GetStart()), End: int(s.GetEnd())}
	side := r.sideOf(s)
	switch {
	case side == nil && r.text != nil && s.GetId() == "":
		if s.GetField() == "title" {
			return text.Slice(r.text.Title, at)
		}
		return text.Slice(r.text.Body, at)
	case side == nil || r.confidential(s):
		return ""
	}
	return text.Slice(fieldOf(side.then, s.GetField()), at)
}

func fieldOf(r *match.Record, field string) string {
	switch {
	case r.Demand != nil && field == "title":
		return r.Demand.Title
	case r.Demand != nil:
		return r.Demand.Text
	case field == "title":
		return r.Patent.Title
	case field == "claims":
		return r.Patent.Claims
	}
	return r.Patent.Abstract
}

// confidential tells whether a span is of a field that is confidential now.
func (r *restoring) confidential(s *pb.Span) bool {
	side := r.sideOf(s)
	return side != nil && side.now.Demand != nil && (side.now.Demand.IsConfidential(s.GetField()) || side.then.Demand.IsConfidential(s.GetField()))
}

// prune takes entries of lists out that have a confidential span, and clears such spans
// elsewhere.
func (r *restoring) prune(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil || f.IsMap():
		case f.IsList():
			r.pruneList(v.List())
		case r.quotes(v.Message()):
			m.Clear(f)
		}
		return true
	})
}

func (r *restoring) pruneList(list protoreflect.List) {
	kept := 0
	for i := range list.Len() {
		if !r.quotes(list.Get(i).Message()) {
			list.Set(kept, list.Get(i))
			kept++
		}
	}
	list.Truncate(kept)
}

// quotes tells whether a confidential span is anywhere in m.
func (r *restoring) quotes(m protoreflect.Message) (found bool) {
	eachSpan(m, func(s *pb.Span) { found = found || r.confidential(s) })
	return found
}

// eraseWords takes out what is told in words.
func eraseWords(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Message() != nil && f.Message().FullName() == (&pb.LocalText{}).ProtoReflect().Descriptor().FullName() {
			m.Clear(f)
			return true
		}
		eachMessage(f, v, eraseWords)
		return true
	})
}
