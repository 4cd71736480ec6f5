package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// mortal is a serve that is ended by SIGKILL.
type mortal struct {
	cmd *exec.Cmd
	url string
}

func startMortal(t *testing.T, bin, data string, flags []string) *mortal {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	args := append([]string{"serve", "--data", data, "--grpc", "127.0.0.1:0", "--listen", address, "--metrics", "127.0.0.1:0"}, flags...)
	m := &mortal{cmd: exec.Command(bin, args...), url: "http://" + address}
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return m
		}
	}
	t.Fatal("the server does not listen")
	return nil
}

func (m *mortal) kill() {
	_ = m.cmd.Process.Kill() // it may have ended
	_ = m.cmd.Wait()
}

// call asks the server and returns what it says, and false where it does not.
func (m *mortal) call(method, path, body string, into any) bool {
	req, err := http.NewRequest(method, m.url+path, strings.NewReader(body))
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return err == nil && resp.StatusCode == 200 && json.Unmarshal(bytes.TrimSpace(text), into) == nil
}

// answeredBy matches, and returns the model that answered; "" is no whole answer.
func (m *mortal) answeredBy(t *testing.T) string {
	t.Helper()
	var a struct {
		Hits     []any
		Degraded []any
		Versions struct{ Embedder string }
	}
	if !m.call("POST", "/v1/match", `{"text": {"body": "电池隔膜涂层材料"}}`, &a) || len(a.Hits) == 0 || len(a.Degraded) > 0 {
		t.Errorf("no whole answer: %+v", a)
		return ""
	}
	return a.Versions.Embedder
}

// next is the model that is being built.
func (*mortal) next(t *testing.T, data string) string {
	t.Helper()
	m, err := instance.ReadModels(data)
	if err != nil {
		t.Fatal(err)
	}
	return m.Next
}

func (m *mortal) live() string {
	var got struct{ Reembedding struct{ Live string } }
	m.call("GET", "/v1/reembedding", "", &got)
	return got.Reembedding.Live
}

// followed is how far a model is, as it is on disk.
func followed(t *testing.T, data, model string) int64 {
	t.Helper()
	s, err := sqlite.OpenReadOnly(t.Context(), data, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mark, err := s.Watermark(t.Context(), catalog.FollowerName(match.PatentKind, model))
	if err != nil {
		t.Fatal(err)
	}
	return mark
}

// TestAChangeOfModelThatIsKilledGoesOnAndNeverStopsTheAnswers kills a serve that builds
// the vectors of another model again and again, and once after they have taken over.
func TestAChangeOfModelThatIsKilledGoesOnAndNeverStopsTheAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds; run without -short")
	}
	const records, kills = 4800, 4
	bin, e, data, random := built(t), newEndpoint(t), t.TempDir(), rand.New(rand.NewPCG(5, 5))
	if code, out := command(t, bin, "import", "--kind", "patents", "--data", data, writeRows(t, 0, records)); code != 0 {
		t.Fatal(out)
	}
	m, err := instance.ReadModels(data)
	if err != nil {
		t.Fatal(err)
	}
	builtin := m.Live
	if err := instance.WritePace(data, instance.Pace{Texts: 4000}); err != nil { // a page of 1024 texts in 0.25 s
		t.Fatal(err)
	}
	answers, marks := 0, []int64{}
	for n := range kills {
		m := startMortal(t, bin, data, e.flags())
		for end := time.Now().Add(time.Minute); e.texts() < 2*records*(n+1)/(kills+2) && time.Now().Before(end); {
			if by := m.answeredBy(t); by != builtin {
				t.Fatalf("round %d: %q answered, want %s", n, by, builtin)
			}
			answers++
		}
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond) // anywhere in a page
		m.kill()
		marks = append(marks, followed(t, data, m.next(t, data)))
	}
	if m, err = instance.ReadModels(data); err != nil || m.Live != builtin || m.Next == "" {
		t.Fatalf("after the kills: %+v, %v; want one that is being built", m, err)
	}
	next, made := m.Next, e.texts()
	if made == 0 || made >= 2*records {
		t.Fatalf("%d texts were embedded before the last kill, want some and not all of %d", made, 2*records)
	}
	if !slices.IsSorted(marks) || marks[kills-1] < 512 {
		t.Errorf("vectors up to write %v after each kill, want more after each", marks)
	}
	if err := instance.WritePace(data, instance.Pace{}); err != nil {
		t.Fatal(err)
	}
	server := startMortal(t, bin, data, e.flags())
	for end := time.Now().Add(time.Minute); server.live() != next && time.Now().Before(end); answers++ {
		if by := server.answeredBy(t); by != builtin && by != next {
			t.Fatalf("%q answered", by)
		}
	}
	server.kill() // at once after the change
	server = startMortal(t, bin, data, e.flags())
	if by := server.answeredBy(t); by != next || server.live() != next {
		t.Errorf("after the last kill %s answered and %s is live, want %s", by, server.live(), next)
	}
	server.kill()
	t.Logf("%d answers in %d rounds, with vectors up to write %v after each kill; %d texts were embedded before the last round, %d altogether, for %d", answers, kills+1, marks, made, e.texts(), 2*records)
	const page, queries = 2 * 512, 100
	if n := e.texts(); n > 2*records+(kills+1)*page+queries {
		t.Errorf("%d texts were embedded, want each of %d once, and those of a page for each kill twice at most", n, 2*records)
	}
	wantVectorsOnce(t, bin, data, e, records)
}

// wantVectorsOnce compares the vectors of all records with what the endpoint gives.
func wantVectorsOnce(t *testing.T, bin, data string, e *endpoint, records int) {
	t.Helper()
	if code, out := command(t, bin, append([]string{"doctor", "--deep", "--data", data, "--lang", "en"}, e.flags()...)...); code != 0 || !strings.Contains(out, "Sound") {
		t.Errorf("doctor: exit code %d\n%s", code, out)
	}
	var status struct {
		Kinds map[string]sqlite.States `json:"kinds"`
	}
	code, out := command(t, bin, append([]string{"status", "--json", "--data", data}, e.flags("--log-level", "error")...)...)
	if err := json.Unmarshal([]byte(out), &status); code != 0 || err != nil {
		t.Fatalf("status: %v\n%s", err, out)
	}
	if got := status.Kinds["patents"]; got.Stored != records || got.Searchable != records {
		t.Errorf("status says %+v of %d records", got, records)
	}
}
