package server

import (
	"context"
	"strings"
	"time"

	middleware "github.com/grpc-ecosystem/go-grpc-middleware/v2"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// stream is unary for imports, which have limits of their own in place of a
// deadline, and for health and reflection.
func (s *Server) stream() []grpc.StreamServerInterceptor {
	return []grpc.StreamServerInterceptor{
		s.metrics.calls.StreamServerInterceptor(),
		identifyStream,
		s.endWatch,
		s.answerStream,
		recovery.StreamServerInterceptor(recovery.WithRecoveryHandlerContext(s.recovered)),
	}
}

// identifyStream is identify for a stream.
func identifyStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	of := sentID(stream.Context())
	if err := stream.SetHeader(metadata.Pairs(idKey, of.id)); err != nil {
		return err
	}
	return next(srv, within(context.WithValue(stream.Context(), idContext{}, &of), stream))
}

// endWatch ends a stream of gRPC's own services when the server stops: who watches
// the health would otherwise hold up the end for the whole grace period.
func (s *Server) endWatch(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if !isInfrastructure(info.FullMethod) {
		return next(srv, stream)
	}
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	defer context.AfterFunc(s.streams, cancel)()
	return next(srv, within(ctx, stream))
}

// answerStream is answer for a stream.
func (s *Server) answerStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	began, ctx := time.Now(), stream.Context()
	err := next(srv, stream)
	told := statusOf(ctx, err)
	s.note(ctx, call{method: info.FullMethod, code: status.Code(told), took: time.Since(began), err: err})
	return told
}

func within(ctx context.Context, stream grpc.ServerStream) grpc.ServerStream {
	wrapped := middleware.WrapServerStream(stream)
	wrapped.WrappedContext = ctx
	return wrapped
}

// isInfrastructure tells the methods of health and reflection from those of the API.
func isInfrastructure(method string) bool { return strings.HasPrefix(method, "/grpc.") }
