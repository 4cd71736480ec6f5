package qdranttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// Cluster starts n nodes of one cluster on loopback, each with a folder of its own, and
// returns once all know each other. They end with the test; without a qdrant binary on
// PATH it is skipped.
func Cluster(t testing.TB, n int, env ...string) []*Server {
	t.Helper()
	path, ports := binary(t), []int(nil)
	var err error
	if ports, err = freePorts(n); err != nil {
		t.Fatal(err)
	}
	var out []*Server
	for i, port := range ports {
		s, err := newServer(path, t.TempDir(), append([]string{
			"QDRANT__CLUSTER__ENABLED=true",
			"QDRANT__CLUSTER__P2P__PORT=" + strconv.Itoa(port),
		}, env...)...)
		if err != nil {
			t.Fatal(err)
		}
		s.args = []string{"--uri", peer(port)}
		if i > 0 {
			s.args = append(s.args, "--bootstrap", peer(ports[0]))
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Kill)
		out = append(out, s)
	}
	if err := acquainted(out); err != nil {
		t.Fatal(err)
	}
	return out
}

func peer(port int) string { return "http://127.0.0.1:" + strconv.Itoa(port) }

// acquainted waits until every node knows all.
func acquainted(nodes []*Server) error {
	client := http.Client{Timeout: time.Second}
	for deadline := time.Now().Add(startTime); ; time.Sleep(50 * time.Millisecond) {
		known := 0
		for _, s := range nodes {
			if n, _ := s.peers(&client); n == len(nodes) {
				known++
			}
		}
		if known == len(nodes) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d of %d nodes know all after %v", known, len(nodes), startTime)
		}
	}
}

// peers is how many nodes a node knows.
func (s *Server) peers(client *http.Client) (int, error) {
	body, err := s.ask(client, "/cluster")
	if err != nil {
		return 0, err
	}
	var answer struct {
		Result struct {
			Peers map[string]any `json:"peers"`
		} `json:"result"`
	}
	err = json.Unmarshal(body, &answer)
	return len(answer.Result.Peers), err
}
