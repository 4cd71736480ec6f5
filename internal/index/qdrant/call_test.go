package qdrant_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	client "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

var spec = index.Spec{Collection: "patents", Model: "m", Dim: 4, Vectors: []string{"text"}}

func TestADeadServerIsUnavailableAndNamed(t *testing.T) {
	l := listen(t)
	addr := l.Addr().String()
	l.Close()
	start := time.Now()
	_, err := qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{addr}, Timeout: 5 * time.Second}, spec)
	if match.KindOf(err) != match.Unavailable || !strings.Contains(err.Error(), addr) {
		t.Errorf("got %v, want an error of kind unavailable that names %s", err, addr)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestASilentServerIsUnavailableWhenTimeIsUp(t *testing.T) {
	addr := listen(t).Addr().String() // it takes connections and says nothing
	start := time.Now()
	_, err := qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{addr}, Timeout: 300 * time.Millisecond}, spec)
	if match.KindOf(err) != match.Unavailable || !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "300ms") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestACallerWhoGivesUpGetsCanceled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := qdrant.Open(ctx, qdrant.Config{Addrs: []string{listen(t).Addr().String()}}, spec)
	if match.KindOf(err) != match.Canceled {
		t.Errorf("got %v", err)
	}
}

// fake answers the first call of Open with the errors of its list, one by one.
type fake struct {
	client.UnimplementedCollectionsServer
	answers []error
	calls   atomic.Int32
	key     atomic.Value
}

func (f *fake) Get(ctx context.Context, _ *client.GetCollectionInfoRequest) (*client.GetCollectionInfoResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	f.key.Store(strings.Join(md.Get("api-key"), " "))
	n := int(f.calls.Add(1))
	return nil, f.answers[min(n, len(f.answers))-1]
}

func (f *fake) serve(t *testing.T) string {
	s, l := grpc.NewServer(), listen(t)
	client.RegisterCollectionsServer(s, f)
	go s.Serve(l)
	t.Cleanup(s.Stop)
	return l.Addr().String()
}

func TestErrorsOfTheServerKeepTheirTextAndGetAKind(t *testing.T) {
	for code, want := range map[codes.Code]match.ErrorKind{
		codes.Unauthenticated:   match.Denied,
		codes.PermissionDenied:  match.Denied,
		codes.InvalidArgument:   match.Invalid,
		codes.ResourceExhausted: match.Exhausted,
		codes.DeadlineExceeded:  match.Unavailable,
		codes.DataLoss:          match.Corrupt,
		codes.Internal:          match.Internal,
		codes.Unknown:           match.Internal,
	} {
		f := &fake{answers: []error{status.Error(code, "没有 reason")}}
		_, err := qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{f.serve(t)}}, spec)
		if match.KindOf(err) != want || !strings.Contains(err.Error(), "没有 reason") {
			t.Errorf("%v: got %v of kind %v", code, err, match.KindOf(err))
		}
		if n := f.calls.Load(); n != 1 {
			t.Errorf("%v: tried %d times", code, n)
		}
	}
}

func TestTheKeyIsSentAndKeptOutOfErrors(t *testing.T) {
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the client warns that there is no TLS
	defer slog.SetDefault(was)
	f := &fake{answers: []error{status.Error(codes.Unauthenticated, "no")}}
	_, err := qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{f.serve(t)}, APIKey: "secret"}, spec)
	if match.KindOf(err) != match.Denied || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	if f.key.Load() != "secret" {
		t.Errorf("the server was sent key %q", f.key.Load())
	}
}

func TestAnUnavailableServerIsTriedAgain(t *testing.T) {
	away := status.Error(codes.Unavailable, "starting")
	f := &fake{answers: []error{away, away, status.Error(codes.InvalidArgument, "there")}}
	_, err := qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{f.serve(t)}}, spec)
	if match.KindOf(err) != match.Invalid || f.calls.Load() != 3 {
		t.Errorf("got %v after %d calls", err, f.calls.Load())
	}
	f = &fake{answers: []error{away}}
	_, err = qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{f.serve(t)}}, spec)
	if match.KindOf(err) != match.Unavailable || f.calls.Load() != 4 {
		t.Errorf("got %v after %d calls", err, f.calls.Load())
	}
}

func TestABadConfigIsInvalid(t *testing.T) {
	for _, c := range []qdrant.Config{
		{}, {Addrs: []string{"host"}}, {Addrs: []string{":6334"}}, {Addrs: []string{"host:0"}}, {Addrs: []string{"host:grpc"}},
		{Addrs: []string{"host:6334"}, Prefix: "a/b"}, {Addrs: []string{"host:6334"}, Timeout: -1},
		{Addrs: []string{"host:6334", "host"}}, {Addrs: []string{"host:6334", "host:6334"}}, {Addrs: []string{"host:6334"}, CAFile: "ca.pem"},
		{Addrs: []string{"host:6334"}, TLS: true, CAFile: "call_test.go"}, {Addrs: []string{"host:6334"}, TLS: true, CAFile: "none.pem"},
		{Addrs: []string{"host:6334"}, Settings: qdrant.Settings{Shards: -1}}, {Addrs: []string{"host:6334"}, Settings: qdrant.Settings{Quantize: "int4"}},
		{Addrs: []string{"host:6334"}, Settings: qdrant.Settings{Replicas: 2, WriteConsistency: 3}},
	} {
		if _, err := qdrant.Open(t.Context(), c, spec); match.KindOf(err) != match.Invalid {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
