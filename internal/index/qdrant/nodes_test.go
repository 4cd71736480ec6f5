package qdrant_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	client "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

// lister is a node that lists collections, or does what fail says first.
type lister struct {
	client.UnimplementedCollectionsServer
	calls atomic.Int32
	fail  func(ctx context.Context, call int) error
}

func (l *lister) List(ctx context.Context, _ *client.ListCollectionsRequest) (*client.ListCollectionsResponse, error) {
	n := int(l.calls.Add(1))
	if l.fail != nil {
		if err := l.fail(ctx, n); err != nil {
			return nil, err
		}
	}
	return &client.ListCollectionsResponse{}, nil
}

func (l *lister) serve(t *testing.T, options ...grpc.ServerOption) string {
	s, at := grpc.NewServer(options...), listen(t)
	client.RegisterCollectionsServer(s, l)
	go s.Serve(at)
	t.Cleanup(s.Stop)
	return at.Addr().String()
}

// drop is a call of one kind: it lists collections, and there are none.
func drop(t *testing.T, cfg qdrant.Config) error {
	t.Helper()
	_, err := qdrant.DropModels(t.Context(), cfg, []string{"patents"}, nil)
	return err
}

func always(code codes.Code) func(context.Context, int) error {
	return func(context.Context, int) error { return status.Error(code, "no") }
}

func TestACallGoesToAnotherNodeWhereOneDoesNotAnswer(t *testing.T) {
	dead := listen(t)
	dead.Close()
	hangs := func(ctx context.Context, _ int) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for name, bad := range map[string]string{
		"nothing listens":           dead.Addr().String(),
		"it is shutting down":       (&lister{fail: always(codes.Unavailable)}).serve(t),
		"it does not reach a shard": (&lister{fail: always(codes.Internal)}).serve(t),
		"it hangs":                  (&lister{fail: hangs}).serve(t),
		"it takes a connection":     listen(t).Addr().String(),
	} {
		good := &lister{}
		addr := good.serve(t)
		for _, addrs := range [][]string{{bad, addr}, {addr, bad}} {
			if err := drop(t, qdrant.Config{Addrs: addrs, Timeout: 2 * time.Second}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := good.calls.Load(); n != 2 {
			t.Errorf("%s: the good node was asked %d times, want 2", name, n)
		}
	}
}

func TestWhatAnyNodeWouldRefuseIsNotAskedTwice(t *testing.T) {
	for code, want := range map[codes.Code]match.ErrorKind{codes.InvalidArgument: match.Invalid, codes.PermissionDenied: match.Denied} {
		a, b := &lister{fail: always(code)}, &lister{fail: always(code)}
		err := drop(t, qdrant.Config{Addrs: []string{a.serve(t), b.serve(t)}})
		if n := a.calls.Load() + b.calls.Load(); match.KindOf(err) != want || n != 1 {
			t.Errorf("%v: asked %d times: %v", code, n, err)
		}
	}
}

func TestNodesTakeTurnsAndABadOneIsPassedOver(t *testing.T) {
	var bad atomic.Bool
	a, b := &lister{fail: func(context.Context, int) error {
		if bad.Load() {
			return status.Error(codes.Unavailable, "no")
		}
		return nil
	}}, &lister{}
	nodes, err := qdrant.Config{Addrs: []string{a.serve(t), b.serve(t)}}.Nodes()
	if err != nil {
		t.Fatal(err)
	}
	defer nodes.Close()
	for range 10 {
		if err := nodes.List(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a.calls.Load() != 5 || b.calls.Load() != 5 {
		t.Errorf("asked %d and %d times, want 5 each", a.calls.Load(), b.calls.Load())
	}
	bad.Store(true)
	for range 10 {
		if err := nodes.List(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a.calls.Load() > 8 { // one of them found out; the machine may be slow
		t.Errorf("the bad node was asked %d times more", a.calls.Load()-5)
	}
}

func TestAServerThatIsBusyIsAskedAgainWhenItSays(t *testing.T) {
	busy := func(ctx context.Context, call int) error {
		if call > 2 {
			return nil
		}
		if err := grpc.SetTrailer(ctx, metadata.Pairs("retry-after", "0")); err != nil {
			return err
		}
		return status.Error(codes.ResourceExhausted, "too many writes")
	}
	l := &lister{fail: busy}
	if err := drop(t, qdrant.Config{Addrs: []string{l.serve(t)}}); err != nil || l.calls.Load() != 3 {
		t.Errorf("asked %d times: %v", l.calls.Load(), err)
	}
	late := &lister{fail: func(ctx context.Context, _ int) error {
		_ = grpc.SetTrailer(ctx, metadata.Pairs("retry-after", "3600"))
		return status.Error(codes.ResourceExhausted, "too many writes")
	}}
	err := drop(t, qdrant.Config{Addrs: []string{late.serve(t)}, Timeout: 5 * time.Second})
	if match.KindOf(err) != match.Exhausted || late.calls.Load() != 1 {
		t.Errorf("one that has no time for an hour was asked %d times: %v", late.calls.Load(), err)
	}
}

func TestTLSTrustsTheGivenAuthorityAlone(t *testing.T) {
	certificate, file := authority(t)
	good := &lister{}
	addr := good.serve(t, grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	if err := drop(t, qdrant.Config{Addrs: []string{addr}, TLS: true, CAFile: file}); err != nil {
		t.Error(err)
	}
	for name, cfg := range map[string]qdrant.Config{
		"the system's authorities": {TLS: true}, "no TLS": {},
	} {
		cfg.Addrs, cfg.Timeout = []string{addr}, 2*time.Second
		if err := drop(t, cfg); match.KindOf(err) != match.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := good.calls.Load(); n != 1 {
		t.Errorf("%d calls arrived, want 1", n)
	}
}

// authority makes a certificate for loopback that signs itself.
func authority(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}
