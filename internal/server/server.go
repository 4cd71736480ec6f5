package server

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/test/bufconn"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/match"
)

// Server answers the API. It serves once: make another to serve again.
type Server struct {
	config     Config
	metrics    *metrics
	operations *operations

	grpc   *grpc.Server
	health *health.Server
	// inner is where the gateway calls grpc, over conn.
	inner *bufconn.Listener
	conn  *grpc.ClientConn

	http, observe *http.Server
	draining      atomic.Bool
	// stopping ends when the end begins: imports end after the batch they are at.
	stopping context.Context
	stop     context.CancelFunc
	// streams ends when those who watch the health have heard of the end.
	streams    context.Context
	endStreams context.CancelFunc
}

// New makes a server that listens to nothing yet. It fails if config lacks a part,
// or if its registry has the metrics of another server already.
func New(config Config) (*Server, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		config:     config,
		operations: newOperations(config),
		health:     health.NewServer(),
		inner:      bufconn.Listen(1 << 20),
	}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.streams, s.endStreams = context.WithCancel(context.Background())
	if s.metrics, err = newMetrics(config); err != nil {
		return nil, fmt.Errorf("server: registering metrics: %w", err)
	}
	if config.Judge != nil {
		judge := *config.Judge
		judge.Asked = s.metrics.judged.asked
		s.config.Judge = &judge
	}
	s.grpc = grpc.NewServer(s.options()...)
	s.register()
	if s.conn, err = s.dial(); err != nil {
		return nil, fmt.Errorf("server: connecting the gateway: %w", err)
	}
	api, err := s.handler()
	if err != nil {
		return nil, fmt.Errorf("server: making the gateway: %w", err)
	}
	s.http = s.httpServer(api)
	s.observe = s.httpServer(s.observer())
	return s, nil
}

func (s *Server) options() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(s.unary()...),
		grpc.ChainStreamInterceptor(s.stream()...),
		grpc.MaxRecvMsgSize(maxMessage),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: keepaliveTime, Timeout: keepaliveLimit}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPing, PermitWithoutStream: true}),
	}
}

func (s *Server) register() {
	c := s.config
	pb.RegisterPatentServiceServer(s.grpc, &patents{side: patentSide(c), imports: s.importLimits()})
	pb.RegisterDemandServiceServer(s.grpc, &demands{side: demandSide(c), imports: s.importLimits()})
	pb.RegisterMatchServiceServer(s.grpc, &matches{engine: c.Engine, metrics: s.metrics, maxBatch: c.MaxBatch, archive: c.Archive, keepTexts: c.KeepTexts, watch: s.metrics.watch})
	pb.RegisterReplayServiceServer(s.grpc, &replays{archive: c.Archive, records: c.Store, models: c.Models, config: &s.config})
	pb.RegisterEventServiceServer(s.grpc, &events{store: c.Store, recorder: s.recorder(), metrics: s.metrics, maxBatch: c.MaxBatch})
	pb.RegisterLabelServiceServer(s.grpc, &labels{store: c.Store, maxBatch: c.MaxBatch, operations: s.operations, config: &s.config})
	pb.RegisterModelServiceServer(s.grpc, &models{config: &s.config, list: c.Models, reembed: c.Reembed, operations: s.operations})
	pb.RegisterPilotServiceServer(s.grpc, &pilots{registry: c.Rankers, sources: c.Store})
	pb.RegisterCatalogServiceServer(s.grpc, &catalogs{config: c, operations: s.operations})
	pb.RegisterOperationServiceServer(s.grpc, s.operations)
	healthpb.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
	s.metrics.calls.InitializeMetrics(s.grpc)
	s.setHealth(healthpb.HealthCheckResponse_NOT_SERVING)
}

// recorder compares events with the answers that are queued as well, where they are
// kept.
func (s *Server) recorder() *feedback.Recorder {
	r := &feedback.Recorder{Events: s.config.Store, Find: s.config.Store.Answers}
	if s.config.Archive != nil {
		r.Find = s.config.Archive.Find
	}
	return r
}

func (s *Server) setHealth(status healthpb.HealthCheckResponse_ServingStatus) {
	s.health.SetServingStatus("", status)
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, status)
	}
}

// dial makes the gateway's connection. It takes answers of any size: their limit is
// for the handlers to keep.
func (s *Server) dial() (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///inner",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return s.inner.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)))
}

// httpServer has timeouts that a slow client cannot stretch; a call's own deadline
// comes well before them.
func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      time.Minute + 4*s.config.DefaultTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeader,
	}
}

// kinds in the order in which they are told.
var kinds = []match.Kind{match.PatentKind, match.DemandKind}
