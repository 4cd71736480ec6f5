package wire

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// convert maps a list; an empty one is nil, as it is in a stored record.
func convert[A, B any](list []A, f func(A) B) []B {
	return convertAt(list, func(_ int, v A) B { return f(v) })
}

func convertAt[A, B any](list []A, f func(int, A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = f(i, v)
	}
	return out
}

func copied[T any](list []T) []T { return append([]T(nil), list...) }

func copiedMap(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// int32Of keeps a count inside what the wire can carry.
func int32Of(n int) int32 { return int32(min(max(n, math.MinInt32), math.MaxInt32)) }

// toTime leaves out a time that is not known or that the wire cannot carry.
func toTime(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	if ts := timestamppb.New(t); ts.IsValid() {
		return ts
	}
	return nil
}

func fromMoney(m *pb.MoneyRange) *match.MoneyRange {
	if m == nil {
		return nil
	}
	return &match.MoneyRange{Min: m.GetMinCny(), Max: m.GetMaxCny()}
}

func toMoney(m *match.MoneyRange) *pb.MoneyRange {
	if m == nil {
		return nil
	}
	return &pb.MoneyRange{MinCny: m.Min, MaxCny: m.Max}
}

func fromRating(r *pb.Rating) *match.Rating {
	if r == nil {
		return nil
	}
	return &match.Rating{Mean: r.GetMean(), Count: int(r.GetCount())}
}

func toRating(r *match.Rating) *pb.Rating {
	if r == nil {
		return nil
	}
	return &pb.Rating{Mean: r.Mean, Count: int32Of(r.Count)}
}

// fromInfo reads what a write takes of the info: the visibility.
func fromInfo(r *reader, info *pb.RecordInfo) match.Visibility {
	return read(r, "info.visibility", visibilities, info.GetVisibility(), pb.Visibility_VISIBILITY_PUBLIC)
}

func toInfo(r *match.Record, state match.State, reason string) *pb.RecordInfo {
	return &pb.RecordInfo{
		Tenant:      r.Tenant,
		Visibility:  visibilities.number(r.Visibility),
		Revision:    r.Revision,
		CreateTime:  toTime(r.CreatedAt),
		UpdateTime:  toTime(r.UpdatedAt),
		Withdrawn:   r.Withdrawn,
		State:       states.number(state),
		StateReason: clip(reason),
	}
}

// maxWords bounds a text that may quote what a caller sent. It travels in the
// trailers of a response, which proxies limit to a few KiB.
const maxWords = 1 << 10

// clip makes words fit for the wire: valid UTF-8 of at most maxWords bytes.
func clip(words string) string {
	words = strings.ToValidUTF8(words, "\uFFFD")
	if len(words) <= maxWords {
		return words
	}
	end := maxWords - len("…")
	for !utf8.RuneStart(words[end]) {
		end--
	}
	return words[:end] + "…"
}
