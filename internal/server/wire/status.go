package wire

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// domain of the reasons in ErrorInfo.
const domain = "duijie"

// row is how a kind of error looks to a caller.
type row struct {
	code   codes.Code
	reason string // of ErrorInfo
	// hidden errors are the service's own fault. Their words may name files and
	// machines, so a caller gets the kind alone.
	hidden bool
}

// rows is the one table from kinds of errors to codes.
var rows = map[match.ErrorKind]row{
	match.Internal:    {codes.Internal, "INTERNAL", true},
	match.Invalid:     {codes.InvalidArgument, "INVALID", false},
	match.NotFound:    {codes.NotFound, "NOT_FOUND", false},
	match.Conflict:    {codes.Aborted, "CONFLICT", false},
	match.Stale:       {codes.FailedPrecondition, "STALE", false},
	match.Unavailable: {codes.Unavailable, "UNAVAILABLE", false},
	match.Exhausted:   {codes.ResourceExhausted, "EXHAUSTED", false},
	match.Denied:      {codes.PermissionDenied, "DENIED", false},
	match.Corrupt:     {codes.DataLoss, "CORRUPT", true},
	match.Canceled:    {codes.Canceled, "CANCELED", false},
}

// The two cases that a kind does not tell apart.
var (
	timedOut = row{codes.DeadlineExceeded, "DEADLINE_EXCEEDED", false}
	exists   = row{codes.AlreadyExists, "ALREADY_EXISTS", false}
)

// Status turns an error into the status that a caller gets, nil into nil. A status
// is returned as it is, unless it is wrapped in something: then it comes from
// another service, and is treated as any other error.
//
// Details are an ErrorInfo with the kind as reason and the record as metadata, for
// invalid fields a BadRequest that names each, and the message in Chinese.
//
// The message is made of the innermost match.Error of the error's kind: those around
// it tell what the service was doing. Causes that are no match.Error are told for
// Invalid alone; elsewhere they are words of a driver or an operating system. What is
// left out here is for the log, so log the error and not the status.
func Status(err error) error {
	if _, ok := err.(interface{ GRPCStatus() *status.Status }); ok || err == nil {
		return err
	}
	return told(err, rowOf(err)).status()
}

// CreateStatus is Status for the outcome of an item that must not exist yet
// (store.Item.IfRevision −1): there, and in no other place, a conflict is
// ALREADY_EXISTS. It is not for the error of the whole call, whose conflict is one of
// idempotency keys.
func CreateStatus(err error) error {
	if match.KindOf(err) != match.Conflict {
		return Status(err)
	}
	return told(err, exists).status()
}

// ItemStatus is Status for one item of a batch.
func ItemStatus(err error) *pb.ItemStatus {
	if err == nil {
		return nil
	}
	t := told(err, rowOf(err))
	out := &pb.ItemStatus{Code: int32(t.code), Message: t.message, Field: t.field}
	for _, f := range t.faults {
		why := f.Why()
		out.Faults = append(out.Faults, &pb.Fault{Field: clip(f.Field), Reason: &pb.LocalText{Zh: clip(why.ZH), En: clip(why.EN)}})
	}
	return out
}

// Words gives what an ItemStatus tells in both languages. Its message is English; the faults
// have both.
func Words(s *pb.ItemStatus) match.LocalText {
	out := match.LocalText{ZH: s.GetMessage(), EN: s.GetMessage()}
	var zh, en []string
	for _, f := range s.GetFaults() {
		if f.GetField() != "" {
			zh, en = append(zh, f.GetField()+"："+f.GetReason().GetZh()), append(en, f.GetField()+": "+f.GetReason().GetEn())
			continue
		}
		zh, en = append(zh, f.GetReason().GetZh()), append(en, f.GetReason().GetEn())
	}
	record, ok := beforeReasons(out.EN, strings.Join(en, "; "))
	if !ok || len(zh) == 0 {
		return out
	}
	out.ZH = strings.Join(zh, "；")
	if record = strings.TrimSuffix(record, ": "); record != "" {
		out.ZH = match.Named(record).ZH + "：" + out.ZH
	}
	return out
}

// fromItemStatus is ItemStatus back: an error of the same kind with all faults, in both
// languages. The record is left to the caller, who knows it.
func fromItemStatus(s *pb.ItemStatus) error {
	kind := kindOfCode(codes.Code(s.GetCode()))
	var faults []error
	for _, f := range s.GetFaults() {
		e := &match.Error{Kind: kind, Field: f.GetField()}
		faults = append(faults, e.Because("%s", match.LocalText{ZH: f.GetReason().GetZh(), EN: f.GetReason().GetEn()}))
	}
	if len(faults) == 0 {
		return &match.Error{Kind: kind, Field: s.GetField(), Reason: s.GetMessage()}
	}
	return match.Faults(faults...)
}

func kindOfCode(c codes.Code) match.ErrorKind {
	for kind, r := range rows {
		if r.code == c {
			return kind
		}
	}
	return match.Internal
}

// beforeReasons is what a message has before its reasons. A long message was clipped: then it
// ends within them.
func beforeReasons(message, reasons string) (before string, ok bool) {
	if before, ok = strings.CutSuffix(message, reasons); ok {
		return before, true
	}
	said, clipped := strings.CutSuffix(message, "…")
	for i := range said {
		if clipped && strings.HasPrefix(reasons, said[i:]) {
			return said[:i], true
		}
	}
	return "", false
}

func rowOf(err error) row {
	kind := match.KindOf(err)
	if kind == match.Canceled && errors.Is(err, context.DeadlineExceeded) {
		return timedOut
	}
	return rows[kind]
}

// telling is what a caller is told of an error.
type telling struct {
	row
	message, record, field string
	chinese                string // the message again
	faults                 []*match.Error
}

func told(err error, r row) telling {
	kind := match.KindOf(err)
	e := origin(err, kind)
	if r == timedOut {
		e = &match.Error{Kind: kind, Reason: "the deadline has passed"}
	} else if e == nil || r.hidden || e.Err != nil && kind != match.Invalid {
		e = &match.Error{Kind: kind}
	}
	words := match.Localised(e)
	all := e.All()
	return telling{r, clip(words.EN), clip(e.Record), clip(e.Field), clip(words.ZH), all[:min(len(all), maxFaults)]}
}

// Limits of what is told of one error. The details travel in a header, of which some
// clients take no more than 8 KiB.
const (
	maxFaults  = 20
	maxDetails = 3 << 10 // bytes of the words
)

// origin is the innermost match.Error of a kind, and nil if there is none.
func origin(err error, kind match.ErrorKind) (found *match.Error) {
	var e *match.Error
	for errors.As(err, &e) {
		if e.Kind == kind {
			found = e
		}
		err = e.Err
	}
	return found
}

// Localized is a status that says the same in English and, in a detail, in Chinese.
func Localized(c codes.Code, said match.LocalText) *status.Status {
	s := status.New(c, clip(said.EN))
	if both, err := s.WithDetails(inChinese(said.ZH)); err == nil {
		return both
	}
	return s
}

func inChinese(words string) *errdetails.LocalizedMessage {
	return &errdetails.LocalizedMessage{Locale: "zh-CN", Message: clip(words)}
}

func (t telling) status() error {
	info := &errdetails.ErrorInfo{Reason: t.reason, Domain: domain}
	if t.record != "" {
		info.Metadata = map[string]string{"record": t.record}
	}
	details := []protoadapt.MessageV1{info}
	if t.code == codes.InvalidArgument {
		bad := &errdetails.BadRequest{}
		size := 0
		for i, f := range t.faults {
			why := f.Why()
			if size += len(f.Field) + len(why.EN) + len(why.ZH); size > maxDetails && i > 0 {
				break
			}
			bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
				Field: clip(f.Field), Description: clip(why.EN), LocalizedMessage: inChinese(why.ZH),
			})
		}
		details = append(details, bad)
	}
	details = append(details, inChinese(t.chinese))
	s := status.New(t.code, t.message)
	if detailed, err := s.WithDetails(details...); err == nil {
		s = detailed
	}
	return s.Err()
}
