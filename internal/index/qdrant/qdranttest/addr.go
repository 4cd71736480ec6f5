package qdranttest

import (
	"os"
	"os/exec"
	"sync"
	"testing"
)

// shared is the server of this test binary.
var shared struct {
	once sync.Once
	addr string
	err  error
}

// Addr returns the host:port of a server's gRPC API: that of DUIJIE_QDRANT, else of
// a `qdrant` binary from PATH, which the first call starts. Where there is neither
// it skips the test. A server named by DUIJIE_QDRANT may hold other data: use a
// collection prefix of your own, and leave nothing behind.
func Addr(t testing.TB) string {
	t.Helper()
	if addr := os.Getenv("DUIJIE_QDRANT"); addr != "" {
		return addr
	}
	binary, err := exec.LookPath("qdrant")
	if err != nil {
		t.Skip("no Qdrant: DUIJIE_QDRANT (host:port) is not set, and there is no qdrant binary on PATH")
	}
	shared.once.Do(func() { shared.addr, shared.err = start(binary) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.addr
}
