package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// Listeners are where a server listens; nil is nowhere. Serve closes them.
type Listeners struct {
	GRPC net.Listener
	// HTTP is for the gateway.
	HTTP net.Listener
	// Metrics is for /metrics, /healthz and /readyz.
	Metrics net.Listener
}

// Serve answers until ctx ends, or until a listener fails, whose error it returns.
//
//	serving ──► draining ──────────────► stopped
//	        ctx ends: health says     all calls answered,
//	        NOT_SERVING, /readyz 503  or the grace period is over
//
// Calls that are under way when ctx ends are finished within the grace period;
// those that take longer are cut off. Imports end after the batch they are at. The metrics' port answers to the last.
func (s *Server) Serve(ctx context.Context, l Listeners) error {
	s.setHealth(healthpb.HealthCheckResponse_SERVING) // before the first call can ask
	group, stopping := errgroup.WithContext(ctx)
	group.Go(func() error { return s.serveGRPC(s.inner) })
	if l.GRPC != nil {
		group.Go(func() error { return s.serveGRPC(l.GRPC) })
	}
	if l.HTTP != nil {
		group.Go(func() error { return serveHTTP(s.http, l.HTTP) })
	}
	if l.Metrics != nil {
		group.Go(func() error { return serveHTTP(s.observe, l.Metrics) })
	}
	group.Go(func() error {
		<-stopping.Done()
		s.shutdown()
		return nil
	})
	return group.Wait()
}

// streamsLinger is the time in which those who watch the health hear of the end.
const streamsLinger = 500 * time.Millisecond

func (s *Server) serveGRPC(l net.Listener) error {
	if err := s.grpc.Serve(l); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("serving gRPC on %v: %w", l.Addr(), err)
	}
	return nil
}

func serveHTTP(h *http.Server, l net.Listener) error {
	if err := h.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving HTTP on %v: %w", l.Addr(), err)
	}
	return nil
}

// shutdown ends the gateway before the gRPC server that it calls.
func (s *Server) shutdown() {
	s.draining.Store(true)
	s.stop()
	s.health.Shutdown()
	defer time.AfterFunc(streamsLinger, s.endStreams).Stop()
	defer s.endStreams()
	ctx, cancel := context.WithTimeout(context.Background(), s.config.GracePeriod)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		s.config.Log.Warn("HTTP calls were cut off: the grace period is over", "grace", s.config.GracePeriod)
		s.http.Close()
	}
	s.stopGRPC(ctx)
	s.operations.close()
	s.conn.Close()
	s.observe.Close()
}

func (s *Server) stopGRPC(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		s.grpc.GracefulStop()
		close(done)
	}()
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	s.config.Log.Warn("calls were cut off: the grace period is over", "grace", s.config.GracePeriod)
	s.grpc.Stop()
	<-done
}
