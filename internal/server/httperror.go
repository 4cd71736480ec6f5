package server

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// tooLarge is told of a body that is too large.
var tooLarge = fmt.Sprintf("the body is larger than %d MiB", maxMessage>>20)

// callError writes the error of a call as {"code", "message", "details"}.
func callError(ctx context.Context, mux *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	err = detailed(err)
	if status.Convert(err).Message() == tooLarge {
		err = &runtime.HTTPStatusError{HTTPStatus: http.StatusRequestEntityTooLarge, Err: err}
	}
	runtime.DefaultHTTPErrorHandler(ctx, mux, m, w, r, err)
}

// detailed gives details to errors that the gateway found itself, in body, path or
// query.
func detailed(err error) error {
	s := status.Convert(err)
	if s.Code() != codes.InvalidArgument || len(s.Details()) > 0 {
		return err
	}
	field := ""
	if found := badName.FindStringSubmatch(s.Message()); found != nil {
		field = found[1] + found[2]
	}
	told := wire.Status(&match.Error{Kind: match.Invalid, Field: field, Reason: s.Message()})
	p := status.Convert(told).Proto()
	p.Message = s.Message() // which names the field already
	return status.FromProto(p).Err()
}

// badName finds the name in errors of protojson and of the gateway.
var badName = regexp.MustCompile(`(?:unknown field|unknown parameter|parsing field) "([^"]+)"|invalid value for \S+ field ([a-z_]+):`)

// routingError answers a path or a method that there is not.
func routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, code int) {
	switch code {
	case http.StatusMethodNotAllowed:
		notAllowed(w, r)
	case http.StatusNotFound:
		writeError(w, code, status.New(codes.NotFound, fmt.Sprintf("there is nothing at %s; see /openapi.json", r.URL.EscapedPath())))
	default:
		writeError(w, code, status.New(codes.InvalidArgument, http.StatusText(code)))
	}
}

func notAllowed(w http.ResponseWriter, r *http.Request) {
	writeError(w, http.StatusMethodNotAllowed,
		status.New(codes.Unimplemented, fmt.Sprintf("%s does not take %s; see /openapi.json", r.URL.EscapedPath(), r.Method)))
}

// writeError writes an error that is none of a call.
func writeError(w http.ResponseWriter, code int, s *status.Status) {
	text, err := newCodec().Marshal(s.Proto())
	if err != nil { // a message that is not UTF-8
		text = []byte(`{"code": 3, "message": "the request is not UTF-8"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	w.Write(text)
}
