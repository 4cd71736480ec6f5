package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// upload is an import over HTTP that is under way.
type upload struct {
	*rig
	*http.Response
	lines *bufio.Scanner
}

func (r *rig) upload(path string, body io.Reader) upload {
	r.Helper()
	resp, err := http.Post(r.http+path, "application/x-ndjson", body)
	r.ok(err)
	r.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 8<<20)
	return upload{r, resp, lines}
}

// next is a line of the answer.
func (u upload) next() (result map[string]any, failure string) {
	u.rig.Helper()
	if !u.lines.Scan() {
		u.Fatalf("the answer is over: %v", u.lines.Err())
	}
	var line struct {
		Result map[string]any
		Error  json.RawMessage
	}
	u.ok(json.Unmarshal(u.lines.Bytes(), &line))
	return line.Result, string(line.Error)
}

// over checks that the answer has no more lines, and a proper end.
func (u upload) over() {
	u.rig.Helper()
	if u.lines.Scan() || u.lines.Err() != nil {
		u.Errorf("after the end: %q, %v", u.lines.Text(), u.lines.Err())
	}
}

func line(t *testing.T, req *pb.ImportPatentsRequest) []byte {
	text, err := protojson.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func TestHTTPImportsThousandsAsBatchWritesDo(t *testing.T) {
	r, written := start(t, nil), start(t, nil)
	list := mixed(4000)
	var body bytes.Buffer
	for n := 0; n < len(list); n += 500 {
		body.Write(line(t, &pb.ImportPatentsRequest{Sequence: int64(n + 1), Patents: list[n : n+500]}))
		body.WriteString("\n")
	}
	up := r.upload("/v1/patents:import", &body)
	if up.StatusCode != 200 || up.Header.Get("Content-Type") != "application/x-ndjson" || up.Header.Get(idHeader) == "" {
		t.Errorf("%d %v", up.StatusCode, up.Header)
	}
	for n := 0; n < len(list); n += 500 {
		if !up.lines.Scan() {
			t.Fatal(up.lines.Err())
		}
		var got struct{ Result json.RawMessage }
		r.ok(json.Unmarshal(up.lines.Bytes(), &got))
		var ack pb.ImportPatentsResponse
		r.ok(protojson.Unmarshal(got.Result, &ack))
		want, err := written.patents().BatchWritePatents(t.Context(), &pb.BatchWritePatentsRequest{Patents: list[n : n+500]})
		r.ok(err)
		if diff := cmp.Diff(want.GetResults(), ack.GetResults(), protocmp.Transform()); diff != "" || ack.GetSequence() != int64(n+1) {
			t.Fatalf("sequence %d: %s", ack.GetSequence(), diff)
		}
	}
	up.over()
	if diff := cmp.Diff(written.stored(), r.stored(), protocmp.Transform(), withoutTimes); diff != "" {
		t.Error(diff)
	}
}

func TestHTTPAcknowledgesWhileTheClientStillSends(t *testing.T) {
	r := start(t, nil)
	read, write := io.Pipe()
	go write.Write([]byte(`{"sequence": 1, "demands": [{"id": "D1", "title": "需求"}]}` + "\n"))
	up := r.upload("/v1/demands:import", read)
	for n := 1; ; n++ {
		ack, _ := up.next()
		results := ack["results"].([]any)
		if ack["sequence"] != fmt.Sprint(n) || results[0].(map[string]any)["change"] == "CHANGE_UNSPECIFIED" {
			t.Fatalf("got %v", ack)
		}
		if n == 3 {
			break
		}
		fmt.Fprintf(write, `{"sequence": %d, "demands": [{"id": "D%d", "title": "需求"}]}`+"\n", n+1, n+1)
	}
	write.Close()
	up.over()
}

func TestHTTPLimitsALineAndNotTheStream(t *testing.T) {
	r := start(t, nil)
	var parts []io.Reader
	for n := range 20 {
		parts = append(parts, &sized{n: 4 << 20}, bytes.NewReader(line(t, one(int64(n+1), fmt.Sprint("CN", n)))))
	}
	up := r.upload("/v1/patents:import", io.MultiReader(parts...)) // 80 MiB
	for range 20 {
		if ack, failure := up.next(); ack == nil {
			t.Fatal(failure)
		}
	}
	up.over()
	up = r.upload("/v1/patents:import", io.MultiReader(bytes.NewReader(line(t, one(1, "CN30"))), &sized{n: maxMessage + 1}))
	if ack, _ := up.next(); ack["sequence"] != "1" {
		t.Errorf("got %v", ack)
	}
	if _, failure := up.next(); !strings.Contains(failure, "line 2: is longer than 64 MiB") {
		t.Errorf("got %s", failure)
	}
	up.over()
	if n := len(r.stored()); n != 21 {
		t.Errorf("%d stored", n)
	}
}

func TestHTTPNamesTheLineThatCannotBeRead(t *testing.T) {
	good := `{"sequence": 1, "patents": [{"number": "CN1", "title": "电池"}]}`
	for name, c := range map[string]struct{ bad, code, words, field string }{
		"broken JSON":       {`{"sequence": 2, "patents"`, "3", "line 3: ", ""},
		"an unknown field":  {`{"sequence": 2, "patnets": []}`, "3", `line 3: `, `"field":"patnets"`},
		"two messages":      {good + good, "3", "line 3: ", ""},
		"not UTF-8":         {"{\"sequence\": 2, \"tenant\": \"\xff\"}", "3", "line 3: ", ""},
		"a number again":    {`{"sequence": 1}`, "3", "sequence 1: sequence: must be larger than 1", `"field":"sequence"`},
		"a large batch":     {`{"sequence": 2, "patents": [{}` + strings.Repeat(",{}", 500) + `]}`, "3", "patents: has 501 entries", `"field":"patents"`},
		"another's tenant":  {`{"sequence": 2, "tenant": "acme"}`, "7", "one tenant", ""},
		"a list, no object": {`[1]`, "3", "line 3: ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			up := r.upload("/v1/patents:import", strings.NewReader(good+"\n\n"+c.bad+"\n"+`{"sequence": 9, "patents": [{"number": "CN9", "title": "t"}]}`))
			if ack, _ := up.next(); ack["sequence"] != "1" {
				t.Fatalf("got %v", ack)
			}
			_, failure := up.next()
			if flat := strings.ReplaceAll(failure, `": `, `":`); !strings.Contains(failure, c.words) || !strings.Contains(flat, `"code":`+c.code) || !strings.Contains(flat, c.field) {
				t.Errorf("got %s", failure)
			}
			up.over()
			if all := r.stored(); len(all) != 1 || all[0].GetNumber() != "CN1" {
				t.Errorf("stored %v", all)
			}
		})
	}
	r := start(t, nil)
	if got := r.call("POST", "/v1/patents:import", `{"sequence": 0}`); got.code != 400 {
		t.Errorf("a bad first line: %d %s", got.code, got.text)
	}
	if got := r.call("POST", "/v1/patents:import", "\n\n"); got.code != 200 || got.text != "" {
		t.Errorf("nothing: %d %s", got.code, got.text)
	}
	if got := r.call("GET", "/v1/patents:import", ""); got.code != 405 {
		t.Errorf("GET: %d %s", got.code, got.text)
	}
}

func TestHTTPSaysThatTheServerStops(t *testing.T) {
	r := start(t, nil)
	read, write := io.Pipe()
	defer write.Close()
	go write.Write(line(t, one(1, "CN1")))
	up := r.upload("/v1/patents:import", read)
	up.next()
	began := time.Now()
	r.stop()
	if _, failure := up.next(); !strings.Contains(failure, "the server is stopping") {
		t.Errorf("got %s", failure)
	}
	up.over()
	r.ok(<-r.stopped)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the end took %v", took)
	}
}

func TestAnUploadThatBreaksOffKeepsItsWholeLines(t *testing.T) {
	r := start(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.http, "http://"))
	r.ok(err)
	text := append(line(t, one(1, "CN1")), line(t, one(2, "CN2"))[:9]...)
	fmt.Fprintf(conn, "POST /v1/patents:import HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(text), text)
	_, err = conn.Read(make([]byte, 1))
	r.ok(err)
	r.ok(conn.Close())
	r.logged("ImportPatents")
	if all := r.stored(); len(all) != 1 || all[0].GetNumber() != "CN1" {
		t.Errorf("stored %v", all)
	}
}
