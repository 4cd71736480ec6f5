package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/duijie/duijie/internal/server/wire"
)

// unary lists what a call passes through, from the outside to the handler. Metrics
// and log see the code that the client gets, the log the error behind it too.
func (s *Server) unary() []grpc.UnaryServerInterceptor {
	return []grpc.UnaryServerInterceptor{
		s.metrics.calls.UnaryServerInterceptor(),
		identify,
		s.limitTime,
		s.answer,
		recovery.UnaryServerInterceptor(recovery.WithRecoveryHandlerContext(s.recovered)),
	}
}

// limitTime gives a deadline to a call without one.
func (s *Server) limitTime(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if _, limited := ctx.Deadline(); limited {
		return next(ctx, req)
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.DefaultTimeout)
	defer cancel()
	return next(ctx, req)
}

// recovered turns a panic into an error that names nothing of the inside.
func (s *Server) recovered(ctx context.Context, p any) error {
	s.metrics.panics.Inc()
	s.config.Log.ErrorContext(ctx, "a handler panicked",
		"request_id", requestID(ctx), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return status.Error(codes.Internal, "internal error")
}

// answer turns the handler's error into the client's, and notes the call.
func (s *Server) answer(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	began := time.Now()
	resp, err := next(ctx, req)
	told := statusOf(ctx, err)
	s.note(ctx, call{method: info.FullMethod, code: status.Code(told), took: time.Since(began), err: err})
	return resp, told
}

// statusOf is wire.Status, but for work that broke off because the call's time was
// over: it may come back as an error that says no more than that it was canceled.
func statusOf(ctx context.Context, err error) error {
	told := wire.Status(err)
	if status.Code(told) == codes.Canceled && ctx.Err() == context.DeadlineExceeded {
		return wire.Status(context.DeadlineExceeded)
	}
	return told
}

type call struct {
	method string
	code   codes.Code
	took   time.Duration
	err    error
}

func (s *Server) note(ctx context.Context, c call) {
	level := levelOf(c)
	if !s.config.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", c.method),
		slog.String("code", c.code.String()),
		slog.Duration("took", c.took),
		slog.String("request_id", requestID(ctx)),
		slog.String("via", via(ctx)),
	}
	if level == slog.LevelError {
		attrs = append(attrs, slog.Any("error", c.err))
	}
	s.config.Log.LogAttrs(ctx, level, "call", attrs...)
}

// levelOf makes faults of the service errors. The words of other errors may quote
// what the client sent, and are not logged.
func levelOf(c call) slog.Level {
	if errors.Is(c.err, errStopping) {
		return slog.LevelInfo
	}
	switch c.code {
	case codes.Internal, codes.Unknown, codes.DataLoss, codes.Unavailable, codes.ResourceExhausted:
		return slog.LevelError
	}
	if isInfrastructure(c.method) { // health checks
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// viaKey is set by the gateway. Nothing hangs on it but a word in the log.
const viaKey = "x-duijie-via"

func via(ctx context.Context) string {
	if v := metadata.ValueFromIncomingContext(ctx, viaKey); len(v) == 1 && v[0] == "http" {
		return "http"
	}
	return "grpc"
}
