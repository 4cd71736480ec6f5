package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// importLimits bound a stream of batches, whatever it has in all.
type importLimits struct {
	message  time.Duration   // for the next message to come, or for an acknowledgement to be taken
	batch    time.Duration   // for the store
	stopping <-chan struct{} // closed when the server stops
}

func (s *Server) importLimits() importLimits {
	return importLimits{s.config.StreamTimeout, s.config.DefaultTimeout, s.stopping.Done()}
}

type importRequest interface {
	proto.Message
	writeRequest
	GetSequence() int64
}

// importStream is the two directions of an import.
type importStream[M any] struct {
	recv func() (importRequest, []M, error)
	send func(sequence int64, results []*pb.WriteResult) error
}

// receive writes the batches of a stream in their order, and acknowledges each when
// it is on disk. While one is written the next is read, and no more: the rest is
// held back on the client's side.
func (s *side[M]) receive(ctx context.Context, l importLimits, stream importStream[M]) error {
	done := make(chan struct{})
	defer close(done)
	arrivals := stream.arrivals(done)
	var order order
	for {
		a, err := next(l, arrivals)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		n := a.req.GetSequence()
		results, err := s.importBatch(ctx, l, &order, a)
		if err != nil {
			return match.About(fmt.Sprintf("sequence %d", n), err)
		}
		if err := l.taken(func() error { return stream.send(n, results) }); err != nil {
			return err
		}
	}
}

func (s *side[M]) importBatch(ctx context.Context, l importLimits, o *order, a arrival[M]) ([]*pb.WriteResult, error) {
	if err := o.admit(a.req); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.batch)
	defer cancel()
	return s.writeBatch(ctx, o.tenant, a.req.GetIdempotencyKey(), a.list)
}

// order is how far a stream has come, and for whom.
type order struct {
	tenant string
	last   int64 // sequence number
}

// admit checks that a message may follow those before it.
func (o *order) admit(req importRequest) error {
	n := req.GetSequence()
	switch {
	case n < 1:
		return match.Invalidf("sequence", "must be at least 1")
	case n <= o.last:
		return match.Invalidf("sequence", "must be larger than %d, which came before it", o.last)
	}
	tenant, err := writeOf(req)
	if err != nil {
		return err
	}
	if o.last > 0 && req.GetTenant() != "" && tenant != o.tenant {
		return match.Invalidf("tenant", "is not that of the first message")
	}
	if o.last == 0 {
		o.tenant = tenant
	}
	o.last = n
	return nil
}

// arrival is a message, or the end of the stream.
type arrival[M any] struct {
	req  importRequest
	list []M
	err  error
}

// arrivals reads ahead by one message until it is done. It ends with an arrival that
// has an error, which that of a client that gave up is, too.
func (s importStream[M]) arrivals(done <-chan struct{}) <-chan arrival[M] {
	out := make(chan arrival[M])
	go func() {
		for {
			var a arrival[M]
			a.req, a.list, a.err = s.recv()
			select {
			case out <- a:
			case <-done:
				return
			}
			if a.err != nil {
				return
			}
		}
	}()
	return out
}

var errStopping = &match.Error{Kind: match.Unavailable, Reason: "the server is stopping; go on after the last sequence number that was acknowledged"}

// next waits for a message. A server that stops takes none, however many have come.
func next[M any](l importLimits, arrivals <-chan arrival[M]) (a arrival[M], err error) {
	select {
	case <-l.stopping:
		return a, errStopping
	default:
	}
	late := time.NewTimer(l.message)
	defer late.Stop()
	select {
	case <-l.stopping:
		return a, errStopping
	case <-late.C:
		return a, status.Errorf(codes.DeadlineExceeded, "no message came for %v", l.message)
	case a = <-arrivals:
		return a, a.err
	}
}

// taken sends an acknowledgement. One that the client does not take is given up,
// and with it the stream, whose end ends send.
func (l importLimits) taken(send func() error) error {
	done := make(chan error, 1)
	go func() { done <- send() }()
	late := time.NewTimer(l.message)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return status.Errorf(codes.DeadlineExceeded, "an acknowledgement was not taken for %v", l.message)
	}
}
