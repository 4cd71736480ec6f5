package qdranttest

import (
	"os"
	"os/exec"
	"sync"
	"testing"
)

// shared is the server of this test binary.
var shared struct {
	once   sync.Once
	server *Server
	err    error
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
	shared.once.Do(func() { shared.server, shared.err = startShared(binary) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server.Addr
}

// memory is a file system in memory, where there is one: a server that syncs each of the
// many small collections of tests to a disk takes most of their time.
const memory = "/dev/shm"

func startShared(binary string) (*Server, error) {
	dir, err := os.MkdirTemp(memory, "duijie-qdrant-")
	if err != nil {
		if dir, err = os.MkdirTemp("", "duijie-qdrant-"); err != nil {
			return nil, err
		}
	}
	s, err := newServer(binary, dir)
	if err != nil {
		return nil, err
	}
	s.passing = true
	return s, s.Start()
}

// binary is the path of a qdrant binary; without one it skips the test.
func binary(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("qdrant")
	if err != nil {
		t.Skip("no Qdrant: there is no qdrant binary on PATH")
	}
	return path
}

// Own starts a server that the test has to itself, with settings for its environment
// such as "QDRANT__SERVICE__API_KEY=secret". It ends with the test. Without a qdrant
// binary on PATH the test is skipped.
func Own(t testing.TB, env ...string) *Server {
	t.Helper()
	return OwnIn(t, t.TempDir(), env...)
}

// OwnIn is Own with the server's data in a folder.
func OwnIn(t testing.TB, dir string, env ...string) *Server {
	t.Helper()
	s, err := newServer(binary(t), dir, env...)
	if err == nil {
		err = s.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}
