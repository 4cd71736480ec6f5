package replay

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// change tells what of the record is not what it was; nil if nothing.
func (s *side) change() *pb.RecordChange {
	if s.then.Revision == s.now.Revision && !s.hidden {
		return nil
	}
	query := wire.ToQuery(s.then)
	return &pb.RecordChange{
		Kind: query.GetKind(), Id: s.then.ID, RevisionThen: s.then.Revision, RevisionNow: s.now.Revision,
		Fields: changedFields(s.then, s.now), Withdrawn: s.now.Withdrawn, Hidden: s.hidden,
	}
}

// changedFields lists the members of the bodies that differ, in order, as the other side
// may see them.
func changedFields(then, now *match.Record) []string {
	a, b := members(visible(then, now)), members(visible(now, then))
	names := map[string]bool{"visibility": then.Visibility != now.Visibility}
	for name := range a {
		names[name] = !bytes.Equal(a[name], b[name])
	}
	for name := range b {
		names[name] = !bytes.Equal(a[name], b[name])
	}
	maps.DeleteFunc(names, func(_ string, changed bool) bool { return !changed })
	return slices.Sorted(maps.Keys(names))
}

// visible is a record without what is confidential in any of two revisions.
func visible(r, other *match.Record) *match.Record {
	if r.Demand == nil {
		return r
	}
	out := *r
	out.Demand = redacted(r.Demand, other.Demand)
	return &out
}

// members are those of the record's body in its JSON form, which always has one.
func members(r *match.Record) map[string]json.RawMessage {
	var body any = r.Patent
	if r.Demand != nil {
		body = r.Demand
	}
	text, _ := json.Marshal(body)
	out := map[string]json.RawMessage{}
	_ = json.Unmarshal(text, &out)
	return out
}

// madeConfidential lists the fields that are confidential now and were not then.
func madeConfidential(then, now *match.Demand) (out []string) {
	if now == nil {
		return nil
	}
	for _, f := range match.ConfidentialFields {
		if now.IsConfidential(f) && !then.IsConfidential(f) {
			out = append(out, f)
		}
	}
	return out
}

// redacted is a demand without what is confidential in any of two revisions.
func redacted(then, now *match.Demand) *match.Demand {
	out := *then.Redacted()
	also := out
	also.Confidential = now.Confidential
	out = *also.Redacted()
	out.Confidential = then.Confidential
	return &out
}
