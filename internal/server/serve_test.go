package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"

	"github.com/duijie/duijie/internal/match"
)

// scrape reads a path of the metrics' port.
func (r *rig) scrape(path string) string {
	r.Helper()
	resp, err := http.Get(r.observe + path)
	r.ok(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	r.ok(err)
	return resp.Status[:3] + " " + string(text)
}

func TestCallsUnderWayAreFinishedBeforeTheEnd(t *testing.T) {
	entered, leave := make(chan struct{}, 2), make(chan struct{})
	r := start(t, before(func(context.Context) error {
		entered <- struct{}{}
		<-leave
		return nil
	}))
	health := healthpb.NewHealthClient(r.conn)
	watch, err := health.Watch(t.Context(), &healthpb.HealthCheckRequest{})
	r.ok(err)
	r.expectHealth(watch, healthpb.HealthCheckResponse_SERVING)

	results, codeOf := make(chan error, 1), make(chan int, 1)
	go func() {
		_, err := r.matches().Match(context.WithoutCancel(t.Context()), anyText)
		results <- err
	}()
	go func() {
		resp, err := http.Post(r.http+"/v1/match", "application/json", strings.NewReader(`{"text": {"body": "电池"}}`))
		if err != nil {
			codeOf <- 0
			return
		}
		resp.Body.Close()
		codeOf <- resp.StatusCode
	}()
	<-entered
	<-entered
	r.stop()
	r.expectHealth(watch, healthpb.HealthCheckResponse_NOT_SERVING)
	if got := r.scrape("/readyz"); !strings.HasPrefix(got, "503") {
		t.Errorf("ready while stopping: %s", got)
	}
	if got := r.scrape("/healthz"); got != "200 ok\n" {
		t.Errorf("not alive while stopping: %s", got)
	}
	select {
	case err := <-r.stopped:
		t.Fatalf("stopped with calls under way: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(leave)
	if err, code := <-results, <-codeOf; err != nil || code != 200 {
		t.Errorf("calls under way ended with %v and %d", err, code)
	}
	began := time.Now()
	r.ok(<-r.stopped)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the watch of the health held up the end for %v", took)
	}
	if _, err := http.Get(r.http); err == nil {
		t.Error("still listening")
	}
}

func (r *rig) expectHealth(watch healthpb.Health_WatchClient, want healthpb.HealthCheckResponse_ServingStatus) {
	r.Helper()
	for {
		got, err := watch.Recv()
		r.ok(err)
		if got.GetStatus() == want {
			return
		}
	}
}

func TestCallsThatOutlastTheGracePeriodAreCutOff(t *testing.T) {
	entered := make(chan struct{})
	r := start(t, func(c *Config) {
		before(func(ctx context.Context) error {
			close(entered)
			<-ctx.Done()
			return ctx.Err()
		})(c)
		c.GracePeriod = 50 * time.Millisecond
	})
	result := make(chan error, 1)
	go func() {
		_, err := r.matches().Match(context.WithoutCancel(t.Context()), anyText)
		result <- err
	}()
	<-entered
	r.stop()
	r.ok(<-r.stopped)
	r.refused(<-result, codes.Unavailable, "")
	if !strings.Contains(r.log.String(), "calls were cut off") {
		t.Error("nothing said in the log")
	}
}

func TestServeFailsWithItsListener(t *testing.T) {
	s, err := New(parts(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := s.Serve(t.Context(), Listeners{HTTP: l}); err == nil || !strings.Contains(err.Error(), "serving HTTP") {
		t.Errorf("got %v", err)
	}
}

func TestAServerThatIsStoppedBeforeItBeganEndsWell(t *testing.T) {
	s, err := New(parts(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Serve(ctx, Listeners{GRPC: loopback(t), HTTP: loopback(t), Metrics: loopback(t)}); err != nil {
		t.Error(err)
	}
}

func TestNewRefusesWhatIsNotWhole(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("made of nothing")
	}
	c := parts(t)
	if _, err := New(c); err != nil {
		t.Error(err)
	}
	if _, err := New(c); err == nil {
		t.Error("two servers on one registry")
	}
}

func TestMetricsTellOfCallsRecordsAndAnswers(t *testing.T) {
	r := start(t, nil)
	r.fill()
	_, err := r.matches().Match(t.Context(), byDemand("D1"))
	r.ok(err)
	r.metrics.degradedBy([]string{"embedder: connection refused"})
	text := r.scrape("/metrics")
	for _, want := range []string{
		`grpc_server_handled_total{grpc_code="OK",grpc_method="Match",grpc_service="duijie.v1.MatchService",grpc_type="unary"} 1`,
		`grpc_server_handling_seconds_bucket{grpc_method="Match"`,
		`duijie_records{kind="patent",state="stored"} 3`,
		`duijie_records{kind="demand",state="searchable"} 2`,
		`duijie_records{kind="patent",state="failed"} 0`,
		`duijie_records{kind="patent",state="embed_pending"} 0`,
		`duijie_pending_writes{kind="demand"} 0`,
		`duijie_match_duration_seconds_count{explain="no",query="demand"} 1`,
		`duijie_match_candidates_sum{query="demand"} 3`,
		`duijie_degraded_answers_total{part="embedder"} 1`,
		`duijie_panics_total 0`,
		`duijie_build_info{embedder="static/`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if got := r.scrape("/readyz"); got != "200 ok\n" {
		t.Errorf("readyz: %s", got)
	}
}

func TestHealthAndReflectionAnswer(t *testing.T) {
	r := start(t, nil)
	for _, service := range []string{"", "duijie.v1.MatchService"} {
		got, err := healthpb.NewHealthClient(r.conn).Check(t.Context(), &healthpb.HealthCheckRequest{Service: service})
		r.ok(err)
		if got.GetStatus() != healthpb.HealthCheckResponse_SERVING {
			t.Errorf("%q is %v", service, got)
		}
	}
	stream, err := reflectionpb.NewServerReflectionClient(r.conn).ServerReflectionInfo(t.Context())
	r.ok(err)
	r.ok(stream.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}}))
	got, err := stream.Recv()
	r.ok(err)
	if n := len(got.GetListServicesResponse().GetService()); n < 9 {
		t.Errorf("%d services", n)
	}
	r.ok(stream.CloseSend())
}

func TestAnEngineThatIsDownIsUnavailable(t *testing.T) {
	r := start(t, before(func(context.Context) error {
		return &match.Error{Kind: match.Unavailable, Reason: "no index answers"}
	}))
	_, err := r.matches().Match(t.Context(), anyText)
	r.refused(err, codes.Unavailable, "")
	if got := r.call("POST", "/v1/match", `{"text": {"body": "电池"}}`); got.code != 503 {
		t.Errorf("HTTP: %d %s", got.code, got.text)
	}
}
