package qdrant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/duijie/duijie/internal/match"
)

// retryAfter is how long to wait before each retry of a call that the server was
// not there for. Every call that this package makes can be repeated: writes store
// or delete by id, and creating what exists is checked.
var retryAfter = []time.Duration{50 * time.Millisecond, 150 * time.Millisecond, 450 * time.Millisecond}

// remote is a collection on a server.
type remote struct {
	client     *qdrant.Client
	addr       string
	collection string // the name on the server
	timeout    time.Duration
}

// call runs f, again if the server is not there, all within the timeout. Errors
// are of the kinds of package match and name server, collection and operation.
func call[T any](ctx context.Context, r *remote, operation string, f func(context.Context) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	limited, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	for try := 0; ; try++ {
		out, err := f(limited)
		if err == nil {
			return out, nil
		}
		if try == len(retryAfter) || status.Code(grpcCause(err)) != codes.Unavailable || !pause(limited, retryAfter[try]) {
			return none, r.explain(ctx, operation, err)
		}
	}
}

// pause tells whether d passed before ctx was done.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

var kinds = map[codes.Code]match.ErrorKind{
	codes.Unavailable:        match.Unavailable,
	codes.DeadlineExceeded:   match.Unavailable,
	codes.Canceled:           match.Unavailable, // by the server: the caller's own is handled before
	codes.Aborted:            match.Unavailable,
	codes.InvalidArgument:    match.Invalid,
	codes.OutOfRange:         match.Invalid,
	codes.Unauthenticated:    match.Denied,
	codes.PermissionDenied:   match.Denied,
	codes.NotFound:           match.NotFound,
	codes.AlreadyExists:      match.Conflict,
	codes.FailedPrecondition: match.Unavailable, // a collection locked by its operator
	codes.ResourceExhausted:  match.Exhausted,
	codes.DataLoss:           match.Corrupt,
}

// explain turns an error of the client into one of package match. A caller who
// gave up gets the error of its context.
func (r *remote) explain(ctx context.Context, operation string, err error) error {
	if ctx.Err() != nil {
		return r.fail(match.Canceled, operation, ctx.Err())
	}
	var limited *qdrant.QdrantResourceExhaustedError
	if errors.As(err, &limited) {
		return r.fail(match.Exhausted, operation, limited)
	}
	s, ok := status.FromError(grpcCause(err))
	switch {
	case !ok:
		return r.fail(match.Internal, operation, err)
	case s.Code() == codes.DeadlineExceeded:
		return r.fail(match.Unavailable, operation, fmt.Errorf("no answer within %v: %s", r.timeout, s.Message()))
	}
	return r.fail(kinds[s.Code()], operation, errors.New(s.Message()))
}

// fail makes an error about the collection.
func (r *remote) fail(kind match.ErrorKind, operation string, cause error) error {
	return &match.Error{Kind: kind, Record: "qdrant " + r.addr + ", collection " + r.collection, Reason: operation, Err: cause}
}

// grpcCause returns the error inside the client's wrapper, so that its message is
// the server's.
func grpcCause(err error) error {
	for {
		var wrapped *qdrant.QdrantError
		if !errors.As(err, &wrapped) {
			return err
		}
		err = wrapped.Unwrap()
	}
}
