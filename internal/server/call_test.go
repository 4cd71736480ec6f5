package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// hooked is an engine that does something before each match.
type hooked struct {
	Engine
	before func(context.Context) error
}

func (h hooked) Match(ctx context.Context, req match.Request) (*match.Answer, error) {
	if err := h.before(ctx); err != nil {
		return nil, err
	}
	return h.Engine.Match(ctx, req)
}

// before makes an option for start.
func before(hook func(context.Context) error) func(*Config) {
	return func(c *Config) { c.Engine = hooked{c.Engine, hook} }
}

var anyText = byText(&pb.PlainText{Body: "电池"})

func TestARequestKeepsItsIDWhereverItCameFrom(t *testing.T) {
	r := start(t, nil)
	for sent, keeps := range map[string]bool{
		"req-1": true, "": false, "with space": false, strings.Repeat("x", 128): true, strings.Repeat("x", 129): false,
	} {
		ctx, header := t.Context(), metadata.MD{}
		if sent != "" {
			ctx = metadata.AppendToOutgoingContext(ctx, idKey, sent)
		}
		got, err := r.matches().Match(ctx, anyText, grpc.Header(&header))
		r.ok(err)
		id := got.GetRequestId()
		if (id == sent) != keeps || len(id) < 5 || header.Get(idKey)[0] != id || !strings.Contains(r.log.String(), `"request_id":"`+id+`"`) {
			t.Errorf("gRPC: sent %q, got %q, header %v", sent, id, header)
		}
		var headers []string
		if sent != "" {
			headers = []string{idHeader, sent}
		}
		over := r.call("POST", "/v1/match", `{"text": {"body": "电池"}}`, headers...)
		id, _ = over.body["request_id"].(string)
		if (id == sent) != keeps || len(id) < 5 || len(over.header.Values(idHeader)) != 1 || over.header.Get(idHeader) != id {
			t.Errorf("HTTP: sent %q, got %q, header %v", sent, id, over.header)
		}
	}
	for _, path := range []string{"/v1/patents/CN9", "/nowhere", "/"} {
		if got := r.call("GET", path, "", idHeader, "mine"); got.header.Get(idHeader) != "mine" {
			t.Errorf("%s: header %v", path, got.header)
		}
	}
}

func TestTheLogHasEachCallOnceAndNothingOfItsContent(t *testing.T) {
	r := start(t, nil)
	r.call("POST", "/v1/match", `{"text": {"body": "机密内容"}}`, "Authorization", "Bearer secret-key")
	r.call("POST", "/v1/patents", `{"patent": {"number": "CN1", "title": "机密", "region": "机密"}}`)
	r.call("POST", "/v1/match", `{"机密": 1}`)
	r.stop()
	r.ok(<-r.stopped)
	var seen []string
	for line := range strings.Lines(r.log.String()) {
		var entry map[string]any
		r.ok(json.Unmarshal([]byte(line), &entry))
		if m := entry["msg"]; m == "call" || m == "http" {
			seen = append(seen, strings.TrimPrefix(entry["method"].(string), "/duijie.v1."))
		}
	}
	if got := strings.Join(seen, " "); got != "MatchService/Match PatentService/CreatePatent POST" {
		t.Errorf("calls %s", got)
	}
	if log := r.log.String(); strings.Contains(log, "机密") || strings.Contains(log, "secret-key") {
		t.Errorf("content in %s", log)
	}
}

func TestACallEndsAtItsDeadline(t *testing.T) {
	r := start(t, func(c *Config) {
		before(func(ctx context.Context) error {
			<-ctx.Done()
			return &match.Error{Kind: match.Canceled, Reason: "interrupted"} // as a database says it
		})(c)
		c.DefaultTimeout = 30 * time.Millisecond
	})
	_, err := r.matches().Match(t.Context(), anyText)
	r.refused(err, codes.DeadlineExceeded, "")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = r.matches().Match(ctx, anyText)
	r.refused(err, codes.DeadlineExceeded, "")
	past, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err = r.patents().GetPatent(past, &pb.GetPatentRequest{Number: "CN1"})
	r.refused(err, codes.DeadlineExceeded, "")
	if got := r.call("POST", "/v1/match", `{"text": {"body": "电池"}}`); got.code != http.StatusGatewayTimeout {
		t.Errorf("HTTP: %d %s", got.code, got.text)
	}
}

func TestAPanicFailsItsCallAlone(t *testing.T) {
	r := start(t, before(func(context.Context) error { panic("index out of range of secrets") }))
	_, err := r.matches().Match(t.Context(), anyText)
	r.refused(err, codes.Internal, "")
	if strings.Contains(err.Error(), "secrets") {
		t.Errorf("the client is told %v", err)
	}
	if got := r.call("POST", "/v1/match", `{"text": {"body": "电池"}}`); got.code != 500 || got.header.Get(idHeader) == "" {
		t.Errorf("HTTP: %d %s", got.code, got.text)
	}
	if log := r.log.String(); !strings.Contains(log, "a handler panicked") || !strings.Contains(log, "call_test.go") {
		t.Errorf("no stack in %s", log)
	}
	if text := r.scrape("/metrics"); !strings.Contains(text, "duijie_panics_total 2") {
		t.Error("panics are not counted")
	}
	_, err = r.demands().ListDemands(t.Context(), &pb.ListDemandsRequest{})
	r.ok(err)
}

func TestFaultsOfTheServiceAreLoggedWithTheirCause(t *testing.T) {
	r := start(t, before(func(context.Context) error {
		return &match.Error{Kind: match.Corrupt, Record: "/data/records.db", Reason: "page 7"}
	}))
	_, err := r.matches().Match(t.Context(), anyText)
	r.refused(err, codes.DataLoss, "")
	if log := r.log.String(); strings.Contains(err.Error(), "page 7") || !strings.Contains(log, "page 7") || !strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("told %v, logged %s", err, log)
	}
}
