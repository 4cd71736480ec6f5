package qdranttest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// startTime is how long a server may take to be ready.
const startTime = 60 * time.Second

// lifeline runs "$0" with all arguments but the first and ends it when standard input
// ends: that is when the test binary exits, even if it was killed. Then it removes "$1"
// if that is not empty. An interrupt from the terminal is for the test binary alone.
// No test's Cleanup is late enough for a server that all tests share.
const lifeline = `
trap "" INT
gone=$1; shift
"$0" "$@" >>log 2>&1 </dev/null &
echo $! >pid
cat >/dev/null
kill -9 $! && wait $!
cd / && if [ -n "$gone" ]; then rm -rf "$gone"; fi
`

// Server is a Qdrant server that a test has to itself.
type Server struct {
	// Addr is the host:port of the gRPC API, HTTP that of the HTTP API.
	Addr, HTTP string

	binary, dir string
	args, env   []string
	passing     bool // the folder is removed when the server ends
	line        *os.File
	ended       chan struct{}
}

// newServer chooses ports. Its folder is dir.
func newServer(binary, dir string, env ...string) (*Server, error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Addr: "127.0.0.1:" + strconv.Itoa(ports[1]), HTTP: "127.0.0.1:" + strconv.Itoa(ports[0]),
		binary: binary, dir: dir,
	}
	s.env = append([]string{
		"QDRANT__TELEMETRY_DISABLED=true",
		"QDRANT__LOG_LEVEL=WARN",
		"QDRANT__SERVICE__HOST=127.0.0.1",
		"QDRANT__SERVICE__HTTP_PORT=" + strconv.Itoa(ports[0]),
		"QDRANT__SERVICE__GRPC_PORT=" + strconv.Itoa(ports[1]),
		"QDRANT__STORAGE__STORAGE_PATH=" + filepath.Join(dir, "storage"),
		"QDRANT__STORAGE__SNAPSHOTS_PATH=" + filepath.Join(dir, "snapshots"),
		// Every collection has a log of this size, and tests make many.
		"QDRANT__STORAGE__WAL__WAL_CAPACITY_MB=1",
	}, env...)
	return s, nil
}

// Start runs the server, as it was left, and returns once it answers.
func (s *Server) Start() error {
	if err := s.run(); err != nil {
		return err
	}
	if err := s.ready(); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		s.Kill()
		return fmt.Errorf("%s is not ready after %v: %w\n%s", s.binary, startTime, err, bytes.TrimSpace(log))
	}
	return nil
}

// run starts the server and does not wait for it.
func (s *Server) run() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	gone := ""
	if s.passing {
		gone = s.dir
	}
	cmd := exec.Command("sh", append([]string{"-c", lifeline, s.binary, gone}, s.args...)...)
	cmd.Dir, cmd.Stdin, cmd.Env = s.dir, read, append(os.Environ(), s.env...)
	err = cmd.Start()
	read.Close()
	if err != nil {
		write.Close()
		return err
	}
	s.line, s.ended = write, make(chan struct{})
	go func() {
		cmd.Wait()
		close(s.ended)
	}()
	return nil
}

// Kill ends the server at once, as kill -9 does, and keeps its folder.
func (s *Server) Kill() {
	if s.line == nil {
		return
	}
	s.line.Close()
	<-s.ended
	s.line = nil
}

// ready waits until the HTTP API says that it is, and the gRPC API listens.
func (s *Server) ready() error {
	client := http.Client{Timeout: time.Second}
	var err error
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		select {
		case <-s.ended:
			return fmt.Errorf("it has ended")
		default:
		}
		if _, err = s.ask(&client, "/readyz"); err != nil {
			continue
		}
		var c net.Conn
		if c, err = net.DialTimeout("tcp", s.Addr, time.Second); err == nil {
			return c.Close()
		}
	}
	return err
}

// ask gets a page of the HTTP API.
func (s *Server) ask(client *http.Client, page string) ([]byte, error) {
	response, err := client.Get("http://" + s.HTTP + page)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", page, response.Status)
	}
	return body, err
}

// freePorts returns ports of loopback that nothing listened on a moment ago.
func freePorts(n int) ([]int, error) {
	out := make([]int, n)
	for i := range out {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		out[i] = l.Addr().(*net.TCPAddr).Port
	}
	return out, nil
}
