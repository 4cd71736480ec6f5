package qdrant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/duijie/duijie/internal/match"
)

// retryAfter is how long to wait before each retry of a call that the server was
// not there for; of a cluster, when no node was. Every call that this package makes can
// be repeated: writes store or delete by id, and creating what exists is checked.
var retryAfter = []time.Duration{50 * time.Millisecond, 150 * time.Millisecond, 450 * time.Millisecond}

// remote is a collection on a server.
type remote struct {
	nodes      *nodes
	addr       string // of the server, as messages name it
	collection string // the name on the server
	timeout    time.Duration
}

// call runs f, again if a node is not there or has no time, all within the timeout.
// Errors are of the kinds of package match and name server, collection and operation.
func call[T any](ctx context.Context, r *remote, operation string, f func(context.Context, *qdrant.Client) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	limited, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	var telling error // of a node that answered: more than that another one is not there
	for try := 0; ; try++ {
		at := r.nodes.next()
		out, err := attempt(limited, r, at, f)
		if err == nil {
			at.answered()
			return out, nil
		}
		wait, again := r.retry(limited, at, err, try)
		if status.Code(grpcCause(err)) != codes.Unavailable || telling == nil {
			telling = err
		}
		if !again || !pause(limited, wait) {
			return none, r.explain(ctx, operation, telling)
		}
	}
}

// attempt asks one node. Where there are others, it gets a part of the time alone, so
// that one that hangs does not take all.
func attempt[T any](ctx context.Context, r *remote, at *node, f func(context.Context, *qdrant.Client) (T, error)) (T, error) {
	if r.nodes.several() {
		limited, cancel := context.WithTimeout(ctx, r.timeout*2/5)
		defer cancel()
		ctx = limited
	}
	return f(ctx, at.client)
}

// retry tells whether a call that failed is to be made again, and after what time.
func (r *remote) retry(ctx context.Context, at *node, err error, try int) (wait time.Duration, again bool) {
	if ctx.Err() != nil {
		return 0, false
	}
	round := try / len(r.nodes.list)
	if round >= len(retryAfter) {
		return 0, false
	}
	var limited *qdrant.QdrantResourceExhaustedError
	if errors.As(err, &limited) { // the server says when it has time again
		return time.Duration(limited.RetryAfterS) * time.Second, true
	}
	switch code := status.Code(grpcCause(err)); {
	case code == codes.Unavailable, r.nodes.several() && failsOver[code]:
		at.didNotAnswer()
	default:
		return 0, false
	}
	if (try+1)%len(r.nodes.list) != 0 { // another node first
		return 0, true
	}
	return retryAfter[round], true
}

// failsOver are errors of one node that another one need not have: it hangs, shuts
// down, or does not reach the shards that it needs.
var failsOver = map[codes.Code]bool{
	codes.DeadlineExceeded: true, codes.Canceled: true, codes.Aborted: true, codes.Internal: true, codes.Unknown: true,
}

// pause tells whether d passed before ctx was done.
func pause(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return false
	}
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
	case s.Code() == codes.Internal:
		return r.fail(internalKind(s.Message()), operation, errors.New(s.Message()))
	}
	return r.fail(kinds[s.Code()], operation, errors.New(s.Message()))
}

// internalKind tells apart what Qdrant calls internal errors, by the words that it has
// for them (1.18: local_shard/shard_ops.rs, replica_set/update.rs, remote_shard.rs).
func internalKind(message string) match.ErrorKind {
	for _, known := range []struct {
		words string
		kind  match.ErrorKind
	}{
		{"No space left", match.Exhausted},
		{"has no active replica", match.Unavailable},
		{"shards failed to apply", match.Unavailable},
		{"Failed peer", match.Unavailable},
		{"Failed to apply update", match.Unavailable},
		{"onsensus", match.Unavailable},
		{"Failed to connect", match.Unavailable},
		{"transport error", match.Unavailable},
		{"is not available", match.Unavailable},
	} {
		if strings.Contains(message, known.words) {
			return known.kind
		}
	}
	return match.Internal
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
