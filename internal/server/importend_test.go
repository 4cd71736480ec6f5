package server

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// gated is a store that holds up writes of the record CN-GATED.
type gated struct {
	store.Store
	entered, leave chan struct{}
}

func (g *gated) Put(ctx context.Context, b store.Batch) ([]store.Outcome, error) {
	if b.Items[0].Record.ID == "CN-GATED" {
		g.entered <- struct{}{}
		<-g.leave
	}
	return g.Store.Put(ctx, b)
}

// startGated serves on a store with a gate.
func startGated(t *testing.T) (*rig, *gated) {
	g := &gated{entered: make(chan struct{}), leave: make(chan struct{})}
	return start(t, func(c *Config) {
		model, err := builtin()
		if err != nil {
			t.Fatal(err)
		}
		*c = partsOf(t, model, func(s store.Store) store.Store {
			g.Store = s
			return g
		})
	}), g
}

// has tells which of the numbers are on disk, whatever became of the server.
func has(t *testing.T, s store.Store, numbers ...string) (found []string) {
	t.Helper()
	for _, number := range numbers {
		got, err := s.Get(context.Background(), []match.Ref{{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: number}})
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != nil {
			found = append(found, number)
		}
	}
	return found
}

func TestAServerThatStopsAcknowledgesTheBatchThatItIsAt(t *testing.T) {
	r, g := startGated(t)
	in := r.imports(context.WithoutCancel(t.Context()))
	in.acked(one(1, "CN1"))
	r.ok(in.Send(one(2, "CN-GATED")))
	<-g.entered
	r.ok(in.Send(one(3, "CN3")))
	r.stop()
	<-r.stopping.Done()
	close(g.leave)
	got, err := in.Recv()
	r.ok(err)
	if got.GetSequence() != 2 || got.GetResults()[0].GetChange() != pb.Change_CHANGE_CREATED {
		t.Errorf("got %v", got)
	}
	r.refused(in.ends(), codes.Unavailable, "")
	r.ok(<-r.stopped)
	if got := strings.Join(has(t, g.Store, "CN1", "CN-GATED", "CN3"), " "); got != "CN1 CN-GATED" {
		t.Errorf("stored: %s", got)
	}
}

func TestAnOpenImportDoesNotHoldUpTheEnd(t *testing.T) {
	r := start(t, nil)
	in := r.imports(context.WithoutCancel(t.Context()))
	in.acked(one(1, "CN1"))
	began := time.Now()
	r.stop()
	r.refused(in.ends(), codes.Unavailable, "")
	r.ok(<-r.stopped)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the end took %v", took)
	}
}

func TestWhatWasAcknowledgedOutlivesItsClient(t *testing.T) {
	r, g := startGated(t)
	ctx, cancel := context.WithCancel(t.Context())
	in := r.imports(ctx)
	for n := range int64(5) {
		in.acked(one(n+1, fmt.Sprint("CN", n+1)))
	}
	r.ok(in.Send(one(6, "CN-GATED")))
	<-g.entered
	cancel()
	r.refused(in.ends(), codes.Canceled, "")
	close(g.leave)
	if got := has(t, g.Store, "CN1", "CN2", "CN3", "CN4", "CN5"); len(got) != 5 {
		t.Errorf("stored %v", got)
	}
	next := r.imports(t.Context()) // goes on after what was acknowledged
	go func() {
		for range g.entered { //nolint:revive // until the test ends
		}
	}()
	t.Cleanup(func() { close(g.entered) })
	next.acked(one(6, "CN-GATED"))
}

func TestAnImportMayLastButNotIdle(t *testing.T) {
	r := start(t, func(c *Config) { c.DefaultTimeout, c.StreamTimeout = 300*time.Millisecond, 250*time.Millisecond })
	in := r.imports(t.Context())
	for n := range int64(8) {
		in.acked(one(n+1, "CN1"))
		time.Sleep(50 * time.Millisecond)
	}
	r.refused(in.ends(), codes.DeadlineExceeded, "")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r.refused(r.imports(ctx).ends(), codes.DeadlineExceeded, "")
}

func TestAcknowledgementsThatNobodyTakesEndTheStream(t *testing.T) {
	r := start(t, func(c *Config) { c.StreamTimeout = 100 * time.Millisecond })
	in := r.imports(t.Context())
	var refused []*pb.Patent // with answers of 1 KiB
	for range 500 {
		refused = append(refused, &pb.Patent{Number: strings.Repeat("N", 1000)})
	}
	go func() {
		for n := int64(1); in.Send(&pb.ImportPatentsRequest{Sequence: n, Patents: refused}) == nil; n++ {
		}
	}()
	r.logged("ImportPatents")
	r.refused(in.ends(), codes.DeadlineExceeded, "")

	conn, err := net.Dial("tcp", strings.TrimPrefix(r.http, "http://"))
	r.ok(err)
	defer conn.Close()
	fmt.Fprint(conn, "POST /v1/demands:import HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
	item := fmt.Sprintf(`{"id": "%s"}`, strings.Repeat("D", 1000))
	for n := 1; err == nil; n++ {
		_, err = fmt.Fprintf(conn, `{"sequence": %d, "demands": [%s%s]}`+"\n", n, item, strings.Repeat(","+item, 499))
	}
	r.logged("ImportDemands")
}

// logged waits until a call is over.
func (r *rig) logged(method string) {
	r.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(r.log.String(), method); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.Fatalf("%s does not end", method)
		}
	}
}

func TestAnImportHasItsRequestIDAndOneLineInTheLog(t *testing.T) {
	r := start(t, nil)
	header := metadata.MD{}
	in, err := r.patents().ImportPatents(metadata.AppendToOutgoingContext(t.Context(), idKey, "mine"), grpc.Header(&header))
	r.ok(err)
	i := importOf{r, in}
	i.acked(one(1, "CN1"))
	r.ok(in.CloseSend())
	r.ok(i.ends())
	r.stop()
	r.ok(<-r.stopped)
	if got := header.Get(idKey); len(got) != 1 || got[0] != "mine" {
		t.Errorf("header %v", header)
	}
	if log := r.log.String(); strings.Count(log, `"method":"/duijie.v1.PatentService/ImportPatents","code":"OK"`) != 1 || !strings.Contains(log, `"request_id":"mine"`) {
		t.Errorf("log %s", log)
	}
}
