package qdrant_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// proxy passes calls on to a server until it is cut: then the answer of the last call
// that it passed on is lost, and no other one reaches the server.
type proxy struct {
	addr string
	conn *grpc.ClientConn

	mu    sync.Mutex
	armed bool
	left  int
	cut   func()
}

// raw is a message that nobody takes apart.
type raw struct{ bytes []byte }

// rawCodec hands messages on as they are.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }
func (rawCodec) Marshal(v any) ([]byte, error) {
	return v.(*raw).bytes, nil
}
func (rawCodec) Unmarshal(data []byte, v any) error {
	v.(*raw).bytes = data
	return nil
}

func newProxy(t testing.TB, to string) *proxy {
	t.Helper()
	conn, err := grpc.NewClient(to, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(rawCodec{}), grpc.MaxCallRecvMsgSize(1<<30)))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String(), conn: conn}
	s := grpc.NewServer(grpc.ForceServerCodec(rawCodec{}), grpc.MaxRecvMsgSize(1<<30), grpc.UnknownServiceHandler(p.handle))
	go s.Serve(l)
	t.Cleanup(func() {
		s.Stop()
		conn.Close()
	})
	return p
}

// handle passes one unary call on.
func (p *proxy) handle(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	in, out := &raw{}, &raw{}
	if err := stream.RecvMsg(in); err != nil && err != io.EOF {
		return err
	}
	passes, answers := p.take()
	if !passes {
		p.tell()
		return status.Error(codes.Unavailable, "the proxy is cut")
	}
	ctx := stream.Context()
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		kept := metadata.MD{}
		for name, values := range md {
			if !strings.HasPrefix(name, ":") && name != "content-type" && name != "user-agent" {
				kept[name] = values
			}
		}
		ctx = metadata.NewOutgoingContext(ctx, kept)
	}
	if !answers {
		ctx = context.WithoutCancel(ctx) // it arrives, though the caller is gone
	}
	err := p.conn.Invoke(ctx, method, in, out)
	if !answers {
		p.tell()
		return status.Error(codes.Unavailable, "the answer is lost")
	}
	if err != nil {
		return err
	}
	return stream.SendMsg(out)
}

// tell calls what is to be called when an answer is lost.
func (p *proxy) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut != nil {
		p.cut()
	}
}

// take tells whether a call passes, and whether its answer does.
func (p *proxy) take() (passes, answers bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.armed {
		return true, true
	}
	p.left--
	return p.left >= 0, p.left > 0
}

// cutAfter lets n more calls reach the server, of which the last one gets no answer.
func (p *proxy) cutAfter(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed, p.left = true, n
}

// onCut has f called when an answer is lost.
func (p *proxy) onCut(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = f
}

func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed, p.cut = false, nil
}
