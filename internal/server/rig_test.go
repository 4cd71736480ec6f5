package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// rig is a server of real parts, with clients of both kinds.
type rig struct {
	*testing.T
	*Server
	conn          *grpc.ClientConn
	http, observe string // base URLs
	log           *logBuffer
	stop          context.CancelFunc
	stopped       chan error // gets what Serve returned
}

func (r *rig) patents() pb.PatentServiceClient { return pb.NewPatentServiceClient(r.conn) }
func (r *rig) demands() pb.DemandServiceClient { return pb.NewDemandServiceClient(r.conn) }
func (r *rig) matches() pb.MatchServiceClient  { return pb.NewMatchServiceClient(r.conn) }
func (r *rig) labels() pb.LabelServiceClient   { return pb.NewLabelServiceClient(r.conn) }
func (r *rig) catalog() pb.CatalogServiceClient {
	return pb.NewCatalogServiceClient(r.conn)
}
func (r *rig) events() pb.EventServiceClient   { return pb.NewEventServiceClient(r.conn) }
func (r *rig) replays() pb.ReplayServiceClient { return pb.NewReplayServiceClient(r.conn) }
func (r *rig) ops() pb.OperationServiceClient  { return pb.NewOperationServiceClient(r.conn) }

var builtin = sync.OnceValues(static.Builtin)

// start serves on an empty store; change may alter the configuration.
func start(t *testing.T, change func(*Config)) *rig {
	t.Helper()
	r := &rig{T: t, log: &logBuffer{}, stopped: make(chan error, 1)}
	config := parts(t)
	config.Log = slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	config.DefaultTimeout = 10 * time.Minute // the race detector may watch
	if change != nil {
		change(&config)
	}
	var err error
	if r.Server, err = New(config); err != nil {
		t.Fatal(err)
	}
	inMemory := bufconn.Listen(1 << 20)
	l := Listeners{GRPC: inMemory, HTTP: loopback(t), Metrics: loopback(t)}
	r.http, r.observe = "http://"+l.HTTP.Addr().String(), "http://"+l.Metrics.Addr().String()
	r.conn, err = grpc.NewClient("passthrough:///rig", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return inMemory.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	done := make(chan struct{})
	go func() {
		r.stopped <- r.Serve(ctx, l)
		close(done)
	}()
	t.Cleanup(func() {
		stop()
		<-done
		r.conn.Close()
	})
	return r
}

func loopback(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// parts are those of a small installation, with the indexes in memory.
func parts(t *testing.T) Config {
	t.Helper()
	model, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return partsOf(t, model, func(s store.Store) store.Store { return s })
}

// partsOf are parts with another embedder, and a store that wrap makes of the real one.
func partsOf(t *testing.T, model embed.Embedder, wrap func(store.Store) store.Store) Config {
	t.Helper()
	kept, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	records := wrap(kept)
	vectors, words, sides := map[match.Kind]index.Index{}, map[match.Kind]lexical.Index{}, map[match.Kind]retrieve.Side{}
	for _, kind := range kinds {
		vectors[kind], err = flat.Open("", index.Spec{
			Collection: string(kind) + "s", Model: model.Identity(), Dim: model.Dim(), Vectors: retrieve.VectorNames(),
		})
		if err != nil {
			t.Fatal(err)
		}
		words[kind] = bigram.New()
	}
	followed, err := catalog.Open(t.Context(), catalog.Config{Store: records, Embedder: model, Vectors: vectors, Words: words})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		followed.Close()
		records.Close()
	})
	for _, kind := range kinds {
		sides[kind] = retrieve.Side{Vectors: vectors[kind], Words: words[kind], Applied: func() int64 { return followed.Applied(kind) }, State: followed.State}
	}
	lexicon, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	engine := &retrieve.Engine{
		Records: store.Rated{Store: records}, Embedder: model, Sides: sides, Lexicon: lexicon,
		Explainer: &explain.Explainer{Embedder: model}, Now: time.Now, Version: "test",
	}
	return Config{
		Catalog: followed, Engine: engine, Store: records, Version: "test",
		Registry: prometheus.NewRegistry(), Models: LiveModels(engine),
	}
}

// logBuffer is a log that may be read while it is written.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// fill writes three patents and two demands and waits until they are searchable.
func (r *rig) fill() {
	r.Helper()
	_, err := r.patents().BatchWritePatents(r.Context(), &pb.BatchWritePatentsRequest{Patents: []*pb.Patent{
		{Number: "CN1", Title: "一种锂离子电池正极材料及其制备方法", Abstract: "本发明公开了磷酸铁锂正极材料，提高电池的低温放电容量。", Region: "440300"},
		{Number: "CN2", Title: "一种抗冲击聚丙烯复合材料", Abstract: "加入弹性体，冲击韧性提高百分之六十七。", Region: "320500"},
		{Number: "CN3", Title: "水稻秸秆还田机", Abstract: "用于农田的机械，粉碎水稻秸秆并翻埋还田。", Region: "430100"},
	}})
	r.ok(err)
	_, err = r.demands().BatchWriteDemands(r.Context(), &pb.BatchWriteDemandsRequest{Demands: []*pb.Demand{
		{Id: "D1", Title: "低温锂电池", Text: "寻求低温放电容量高的锂离子电池正极材料。", Enterprise: &pb.Enterprise{Name: "甲公司"}, ConfidentialFields: []string{"enterprise.name"}},
		{Id: "D2", Title: "秸秆处理机械", Text: "需要水稻秸秆还田的机械。"},
	}})
	r.ok(err)
	r.ok(r.config.Catalog.Await(r.Context()))
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// refused checks code and field of an error; field "" is not looked at.
func (r *rig) refused(err error, code codes.Code, field string) {
	r.Helper()
	if status.Code(err) != code {
		r.Errorf("got %v, want code %v", err, code)
		return
	}
	if got := fieldOf(err); field != "" && got != field {
		r.Errorf("got field %q, want %q in: %v", got, field, err)
	}
}

func fieldOf(err error) string {
	for _, d := range status.Convert(err).Details() {
		if bad, ok := d.(*errdetails.BadRequest); ok {
			return bad.GetFieldViolations()[0].GetField()
		}
	}
	return ""
}

// answer is what HTTP gave back.
type answer struct {
	code   int
	header http.Header
	text   string
	body   map[string]any
}

// call sends JSON, or nothing for "", with headers given as name, value, ….
func (r *rig) call(method, path, body string, headers ...string) answer {
	r.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(r.Context(), method, r.http+path, reader)
	r.ok(err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	r.ok(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	r.ok(err)
	a := answer{code: resp.StatusCode, header: resp.Header, text: string(text)}
	if len(text) > 0 { // an import of nothing answers nothing
		r.ok(json.Unmarshal(text, &a.body))
	}
	return a
}
