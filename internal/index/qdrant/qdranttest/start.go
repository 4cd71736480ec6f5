package qdranttest

import (
	"bytes"
	"fmt"
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

// lifeline runs "$0" and ends it, and removes the folder that it ran in, when
// standard input ends: that is when the test binary exits, even if it was killed.
// An interrupt from the terminal is for the test binary alone.
// No test's Cleanup is late enough for a server that all tests share.
const lifeline = `
trap "" INT
"$0" >log 2>&1 </dev/null &
cat >/dev/null
kill -9 $! && wait $!
cd / && rm -rf "$1"
`

// lifelines keeps the writing ends open: an os.File that nothing holds is closed.
var lifelines []*os.File

// start runs the binary in a temporary folder and returns its gRPC address once
// it answers.
func start(binary string) (string, error) {
	dir, err := os.MkdirTemp("", "duijie-qdrant-")
	if err != nil {
		return "", err
	}
	ports, err := freePorts(2)
	if err != nil {
		return "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("sh", "-c", lifeline, binary, dir)
	cmd.Dir, cmd.Stdin = dir, read
	cmd.Env = append(os.Environ(),
		"QDRANT__TELEMETRY_DISABLED=true",
		"QDRANT__LOG_LEVEL=WARN",
		"QDRANT__SERVICE__HOST=127.0.0.1",
		"QDRANT__SERVICE__HTTP_PORT="+strconv.Itoa(ports[0]),
		"QDRANT__SERVICE__GRPC_PORT="+strconv.Itoa(ports[1]),
		"QDRANT__STORAGE__STORAGE_PATH="+filepath.Join(dir, "storage"),
		"QDRANT__STORAGE__SNAPSHOTS_PATH="+filepath.Join(dir, "snapshots"),
		// Every collection has a log of this size, and tests make many.
		"QDRANT__STORAGE__WAL__WAL_CAPACITY_MB=1",
	)
	if err := cmd.Start(); err != nil {
		return "", err
	}
	read.Close()
	lifelines = append(lifelines, write)
	go cmd.Wait()
	addr := "127.0.0.1:" + strconv.Itoa(ports[1])
	if err := ready(fmt.Sprintf("http://127.0.0.1:%d/readyz", ports[0]), addr); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		write.Close()
		return "", fmt.Errorf("%s is not ready after %v: %w\n%s", binary, startTime, err, bytes.TrimSpace(log))
	}
	return addr, nil
}

// ready waits until the HTTP API says that it is, and the gRPC API listens.
func ready(url, addr string) error {
	client := http.Client{Timeout: time.Second}
	var err error
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = answers(&client, url); err != nil {
			continue
		}
		var c net.Conn
		if c, err = net.DialTimeout("tcp", addr, time.Second); err == nil {
			return c.Close()
		}
	}
	return err
}

func answers(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
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
