package replay

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// Records is what a replay reads of a store.
type Records interface {
	Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error)
	Revision(ctx context.Context, ref match.Ref, revision int64) (*match.Record, error)
}

// errUnreadable is for answers that were kept in a form that is not known.
var errUnreadable = &match.Error{Kind: match.Corrupt, Reason: "the kept answer cannot be read"}

// Restore gives a kept answer again, with what has changed since. VersionsNow is left to
// the caller.
func Restore(ctx context.Context, records Records, k *match.Kept) (*pb.ReplayResponse, error) {
	out := &pb.ReplayResponse{}
	if err := proto.Unmarshal(k.Sent, out); err != nil || len(out.GetAnswer().GetHits()) != len(k.Hits) {
		return nil, errors.Join(errUnreadable, err)
	}
	out.AnswerTime, out.TextHash = timestamppb.New(k.At), k.Query.TextHash
	r := &restoring{out: out, sides: map[match.Ref]*side{}}
	if err := r.load(ctx, records, k); err != nil {
		return nil, err
	}
	r.query(k)
	for i, h := range out.GetAnswer().GetHits() {
		r.hit(r.sides[k.Ref(k.Hits[i])], h)
	}
	return out, nil
}

// side is a record of an answer, then and now.
type side struct {
	then, now *match.Record
	// hidden says that it may not be shown any more.
	hidden bool
	// withheld are the fields of a demand that are confidential now and were not then.
	withheld []string
}

// restoring is an answer on its way back.
type restoring struct {
	out   *pb.ReplayResponse
	sides map[match.Ref]*side
	// text is the query's where it is not stored and was kept.
	text *match.Texts
}

// load reads every record of the answer, then and now, and notes what has changed.
func (r *restoring) load(ctx context.Context, records Records, k *match.Kept) error {
	var refs []match.Ref
	var numbers []int64
	if k.Query.ID != "" {
		refs, numbers = append(refs, match.Ref{Tenant: k.Tenant, Kind: k.Query.Kind, ID: k.Query.ID}), append(numbers, k.Query.Revision)
	}
	for _, h := range k.Hits {
		refs, numbers = append(refs, k.Ref(h)), append(numbers, h.Revision)
	}
	newest, err := records.Get(ctx, refs)
	if err != nil {
		return err
	}
	for i, ref := range refs {
		if newest[i] == nil {
			return (&match.Error{Kind: match.Corrupt, Record: ref.String()}).Because("is in the answer of request %q and is not stored", k.RequestID)
		}
		s := &side{now: newest[i], then: newest[i]}
		if newest[i].Revision != numbers[i] {
			if s.then, err = records.Revision(ctx, ref, numbers[i]); err != nil {
				return err
			}
		}
		own := i == 0 && k.Query.ID != ""
		s.hidden = !own && (s.now.Visibility == match.Private || s.now.Visibility == match.TenantOnly && s.now.Tenant != k.Tenant)
		s.withheld = madeConfidential(s.then.Demand, s.now.Demand)
		r.sides[ref] = s
		if c := s.change(); c != nil {
			r.out.Changes = append(r.out.Changes, c)
		}
	}
	return nil
}

// query gives the text back that was asked with, if it was kept.
func (r *restoring) query(k *match.Kept) {
	text := r.out.GetRequest().GetText()
	switch {
	case k.Query.ID != "":
		return
	case k.Query.Texts == nil:
		r.withhold("没有保存查询文字，因此也没有引用它的说明", "the text that was asked with is not kept, and so is no explanation that quotes it")
	case text != nil:
		text.Title, text.Body = k.Query.Texts.Title, k.Query.Texts.Body
		r.text = k.Query.Texts
	}
}

func (r *restoring) withhold(zh, en string) {
	r.out.Withheld = append(r.out.Withheld, &pb.LocalText{Zh: zh, En: en})
}

// hit gives the record and the texts of the evidence back.
func (r *restoring) hit(s *side, h *pb.Hit) {
	if s.hidden {
		h.Explanation = nil
		r.withhold(fmt.Sprintf("%s %s 已不再公开", s.now.Kind.Words().ZH, s.now.ID), fmt.Sprintf("%s is not public any more", s.now.Ref))
		return
	}
	record := *s.then
	switch bare := h.GetRecord().(type) {
	case *pb.Hit_Patent:
		full := wire.ToPatent(&record, match.Indexed, "")
		full.Rating, full.Info.State, full.Info.StateReason = bare.Patent.GetRating(), bare.Patent.GetInfo().GetState(), bare.Patent.GetInfo().GetStateReason()
		h.Record = &pb.Hit_Patent{Patent: full}
	case *pb.Hit_Demand:
		record.Demand = redacted(record.Demand, s.now.Demand)
		full := wire.ToDemand(&record, match.Indexed, "")
		full.Rating, full.Info.State, full.Info.StateReason = bare.Demand.GetRating(), bare.Demand.GetInfo().GetState(), bare.Demand.GetInfo().GetStateReason()
		h.Record = &pb.Hit_Demand{Demand: full}
	}
	r.explanation(h)
}
