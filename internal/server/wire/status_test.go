package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

func TestEachKindHasACode(t *testing.T) {
	secret := errors.New("disk /secret")
	field := match.About("patent CN1", match.Invalidf("fee.min_cny", "is negative"))
	for name, c := range map[string]struct {
		err                     error
		code                    codes.Code
		reason, message, record string
	}{
		"without a kind":       {secret, codes.Internal, "INTERNAL", "internal error", ""},
		"internal":             {match.About("patent CN1", secret), codes.Internal, "INTERNAL", "internal error", ""},
		"internal, own words":  {&match.Error{Reason: "/secret"}, codes.Internal, "INTERNAL", "internal error", ""},
		"invalid":              {field, codes.InvalidArgument, "INVALID", "patent CN1: fee.min_cny: is negative", "patent CN1"},
		"invalid in the store": {&match.Error{Kind: match.Invalid, Record: "/secret", Reason: "put", Err: field}, codes.InvalidArgument, "INVALID", "patent CN1: fee.min_cny: is negative", "patent CN1"},
		"invalid with a cause": {&match.Error{Kind: match.Invalid, Record: "row 1", Err: io.ErrUnexpectedEOF}, codes.InvalidArgument, "INVALID", "row 1: unexpected EOF", "row 1"},
		"not found":            {&match.Error{Kind: match.NotFound, Record: "patent CN1"}, codes.NotFound, "NOT_FOUND", "patent CN1", "patent CN1"},
		"conflict":             {&match.Error{Kind: match.Conflict, Record: "patent CN1", Reason: "is at revision 2"}, codes.Aborted, "CONFLICT", "patent CN1: is at revision 2", "patent CN1"},
		"stale":                {fmt.Errorf("page: %w", &match.Error{Kind: match.Stale, Reason: "the token is too old"}), codes.FailedPrecondition, "STALE", "the token is too old", ""},
		"unavailable":          {&match.Error{Kind: match.Unavailable, Reason: "the index is loading"}, codes.Unavailable, "UNAVAILABLE", "the index is loading", ""},
		"unavailable, a cause": {&match.Error{Kind: match.Unavailable, Record: "/secret", Reason: "put", Err: secret}, codes.Unavailable, "UNAVAILABLE", "unavailable", ""},
		"exhausted":            {&match.Error{Kind: match.Exhausted, Err: secret}, codes.ResourceExhausted, "EXHAUSTED", "exhausted", ""},
		"denied":               {&match.Error{Kind: match.Denied, Reason: "another tenant's"}, codes.PermissionDenied, "DENIED", "another tenant's", ""},
		"corrupt":              {&match.Error{Kind: match.Corrupt, Record: "/secret"}, codes.DataLoss, "CORRUPT", "corrupt", ""},
		"canceled":             {match.About("/secret", context.Canceled), codes.Canceled, "CANCELED", "canceled", ""},
		"timed out":            {match.About("/secret", context.DeadlineExceeded), codes.DeadlineExceeded, "DEADLINE_EXCEEDED", "the deadline has passed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := status.Convert(Status(c.err))
			if s.Code() != c.code || s.Message() != c.message {
				t.Errorf("%s: %q, want %s: %q", s.Code(), s.Message(), c.code, c.message)
			}
			info := &errdetails.ErrorInfo{Reason: c.reason, Domain: "duijie"}
			if c.record != "" {
				info.Metadata = map[string]string{"record": c.record}
			}
			if diff := cmp.Diff(info, s.Details()[0], protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
			if text := s.Proto().String(); strings.Contains(text, "secret") {
				t.Errorf("%s tells too much", text)
			}
			if item := ItemStatus(c.err); item.Code != int32(c.code) || item.Message != c.message {
				t.Errorf("an item gets %v", item)
			}
		})
	}
}

// TestNoKindIsWithoutARow walks the kinds by number: the name of one that does not
// exist panics.
func TestNoKindIsWithoutARow(t *testing.T) {
	n := 0
	defer func() {
		if recover() == nil || n != len(rows) {
			t.Errorf("%d kinds, %d rows", n, len(rows))
		}
	}()
	for ; ; n++ {
		kind := match.ErrorKind(n)
		_ = kind.String()
		if r, ok := rows[kind]; !ok || r.code == codes.OK || r.reason == "" {
			t.Errorf("%s has no row", kind)
		}
	}
}

func TestEveryInvalidFieldIsNamedInTheDetails(t *testing.T) {
	err := match.About("demand D1", match.Faults(match.Invalidf("demand.deadline", "%q is not a day written YYYY-MM-DD", "x"), match.Invalidf("demand.title", "is empty")))
	want := &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
		{Field: "demand.deadline", Description: "\"x\" is not a day written YYYY-MM-DD", LocalizedMessage: inChinese("\"x\" 不是 YYYY-MM-DD 形式的日期")},
		{Field: "demand.title", Description: "is empty", LocalizedMessage: inChinese("不能为空")},
	}}
	if diff := cmp.Diff(want, status.Convert(Status(err)).Details()[1], protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	words := &errdetails.LocalizedMessage{Locale: "zh-CN", Message: "需求 D1：demand.deadline：\"x\" 不是 YYYY-MM-DD 形式的日期；demand.title：不能为空"}
	if diff := cmp.Diff(words, status.Convert(Status(err)).Details()[2], protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	item := &pb.ItemStatus{
		Code: 3, Field: "demand.deadline", Message: `demand D1: demand.deadline: "x" is not a day written YYYY-MM-DD; demand.title: is empty`,
		Faults: []*pb.Fault{
			{Field: "demand.deadline", Reason: &pb.LocalText{Zh: "\"x\" 不是 YYYY-MM-DD 形式的日期", En: "\"x\" is not a day written YYYY-MM-DD"}},
			{Field: "demand.title", Reason: &pb.LocalText{Zh: "不能为空", En: "is empty"}},
		},
	}
	if diff := cmp.Diff(item, ItemStatus(err), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestAConflictOfACreateIsAlreadyExists(t *testing.T) {
	if err := CreateStatus(&match.Error{Kind: match.Conflict, Reason: "exists already"}); status.Code(err) != codes.AlreadyExists {
		t.Error(err)
	}
	if err := CreateStatus(match.Invalidf("title", "is empty")); status.Code(err) != codes.InvalidArgument {
		t.Error(err)
	}
	if err := CreateStatus(nil); err != nil {
		t.Error(err)
	}
}

func TestAStatusIsKeptUnlessItIsWrapped(t *testing.T) {
	own := status.Error(codes.Unauthenticated, "no token")
	if got := Status(own); got != own {
		t.Error(got)
	}
	if got := Status(fmt.Errorf("qdrant: %w", own)); status.Code(got) != codes.Internal {
		t.Error(got)
	}
	if Status(nil) != nil || ItemStatus(nil) != nil {
		t.Error("no error is an error")
	}
}

func TestManyFaultsStayWithinAHeader(t *testing.T) {
	var all []error
	for i := range 500 {
		all = append(all, match.Invalidf(fmt.Sprintf("patent.ipc[%d]", i), "%q is not an IPC symbol", strings.Repeat("x", 100)))
	}
	s := status.Convert(Status(match.Faults(all...)))
	if size := proto.Size(s.Proto()); size > 8<<10 || size < 3<<10 {
		t.Errorf("the status has %d bytes", size)
	}
}

func TestLongWordsAreClippedAndMadeValid(t *testing.T) {
	s := status.Convert(Status(match.Invalidf("region", "\xff"+strings.Repeat("深", 1e6))))
	if len(s.Message()) > maxWords || !strings.HasSuffix(s.Message(), "深…") || len(s.Details()) != 3 {
		t.Errorf("%d bytes, %d details", len(s.Message()), len(s.Details()))
	}
}

func TestAnItemThatIsRefusedSaysWhy(t *testing.T) {
	ref := match.Ref{Tenant: "t", Kind: match.PatentKind, ID: "CN1"}
	conflict := &match.Error{Kind: match.Conflict, Record: ref.String(), Reason: "exists already"}
	invalid := match.Invalidf("patent.title", "is empty")
	for _, c := range []struct{ got, want *pb.WriteResult }{
		{ToWriteResult(store.Outcome{Ref: ref, Change: store.Updated, Revision: 4}),
			&pb.WriteResult{Id: "CN1", Change: pb.Change_CHANGE_UPDATED, Revision: 4}},
		{ToWriteResult(store.Outcome{Ref: ref, Change: store.Refused, Revision: 2, Err: conflict}),
			&pb.WriteResult{Id: "CN1", Revision: 2, Status: &pb.ItemStatus{Code: 10, Message: "patent CN1: exists already",
				Faults: []*pb.Fault{{Reason: &pb.LocalText{Zh: "已存在", En: "exists already"}}}}}},
		{RefusedResult("CN1", invalid),
			&pb.WriteResult{Id: "CN1", Status: &pb.ItemStatus{Code: 3, Message: "patent.title: is empty", Field: "patent.title",
				Faults: []*pb.Fault{{Field: "patent.title", Reason: &pb.LocalText{Zh: "不能为空", En: "is empty"}}}}}},
	} {
		sameMessage(t, c.want, c.got)
	}
}

func TestWhatAnItemsStatusTellsIsInBothLanguages(t *testing.T) {
	for _, c := range []struct {
		err error
		zh  string
	}{
		{(&match.Error{Kind: match.Denied, Record: "model m"}).Because("does not pass the gate: %s", match.LocalText{ZH: "理由", EN: "why"}), "模型 m：未通过门禁：理由"},
		{match.About("patent CN1", match.Faults(match.Invalidf("title", "is empty"), match.Invalidf("fee", "is negative"))), "专利 CN1：title：不能为空；fee：不能为负数"},
		{errors.New("a secret"), "内部错误"},
		{(&match.Error{Kind: match.Denied, Record: "model m"}).Because("does not pass the gate: %s", match.LocalText{ZH: strings.Repeat("很长", 999), EN: strings.Repeat("long ", 999)}), "模型 m：未通过门禁："},
	} {
		s := ItemStatus(c.err)
		if got := Words(s); got.ZH != c.zh && !strings.HasPrefix(got.ZH, c.zh+"很") || got.EN != s.GetMessage() {
			t.Errorf("%+v, want %s", got, c.zh)
		}
	}
	if got := Words(nil); got != (match.LocalText{}) {
		t.Errorf("%+v", got)
	}
}

func TestTheErrorOfAnItemComesBackWithItsFaultsInBothLanguages(t *testing.T) {
	refused := match.Faults(match.Invalidf("patent.title", "is empty"), match.Invalidf("", "is missing"))
	for name, err := range map[string]error{
		"faults":    refused,
		"not found": &match.Error{Kind: match.NotFound, Reason: "there is no such record"},
	} {
		got := FromWriteResult(match.Ref{ID: "CN1"}, RefusedResult("CN1", err))
		if got.Change != store.Refused || match.KindOf(got.Err) != match.KindOf(err) {
			t.Errorf("%s: %+v", name, got)
		}
		if diff := cmp.Diff(match.Localised(err), match.Localised(got.Err)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
