package onnx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/embedtest"
	"github.com/duijie/duijie/internal/embed/onnx"
	"github.com/duijie/duijie/internal/match"
)

// open opens the model that the environment names, or skips.
func open(t testing.TB, change ...func(*onnx.Config)) *onnx.Embedder {
	t.Helper()
	dir := os.Getenv("DUIJIE_ONNX_MODEL")
	if dir == "" {
		t.Skip("DUIJIE_ONNX_MODEL names no model folder")
	}
	return openIn(t, dir, change...)
}

// openIn opens the model in a folder, or skips where there is no library.
func openIn(t testing.TB, dir string, change ...func(*onnx.Config)) *onnx.Embedder {
	t.Helper()
	config := onnx.Config{Dir: dir, Library: os.Getenv("DUIJIE_ONNXRUNTIME"), Threads: 2, Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&config)
	}
	e, err := onnx.Open(config)
	if match.KindOf(err) == match.NotFound && strings.Contains(err.Error(), "shared library") {
		t.Skip("ONNX Runtime is not here; DUIJIE_ONNXRUNTIME can name its library")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func pooling(p onnx.Pooling) func(*onnx.Config) { return func(c *onnx.Config) { c.Pooling = p } }

// small makes a model's folder with one of the graphs in testdata and further
// files, by their names.
func small(t testing.TB, graph string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	copied := map[string]string{
		filepath.Join("testdata", graph+".onnx"):                                           "model.onnx",
		filepath.Join("..", "..", "text", "subword", "testdata", "wordpiece-uncased.json"): "tokenizer.json",
	}
	for from, to := range copied {
		raw, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, to), string(raw))
	}
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	return dir
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// near compares vectors to six places.
func near(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 2e-6 {
			return false
		}
	}
	return true
}

func TestItIsAnEmbedder(t *testing.T) {
	t.Run("the model at hand", func(t *testing.T) {
		embedtest.Run(t, func(t *testing.T) embed.Embedder { return open(t) })
	})
	for _, p := range []onnx.Pooling{onnx.CLS, onnx.Mean, onnx.Last} {
		t.Run("a small graph, "+string(p), func(t *testing.T) {
			// Unlike characters, unknown to its small vocabulary, have equal rows; its
			// texts differ by their lengths.
			dir := small(t, "tokens", nil)
			embedtest.Run(t, func(t *testing.T) embed.Embedder { return openIn(t, dir, pooling(p)) })
		})
	}
}

func TestSmallGraphsGiveTheRecordedVectorsOfPython(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Texts          []string
		Tokens, Pooled map[onnx.Pooling][][]float32
	}
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatal(err)
	}
	for graph, ways := range map[string]map[onnx.Pooling][][]float32{"tokens": recorded.Tokens, "pooled": recorded.Pooled} {
		for way, want := range ways {
			e := openIn(t, small(t, graph, nil), pooling(way))
			got, err := e.Embed(t.Context(), embed.Document, recorded.Texts)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want {
				if !near(got[i], want[i]) {
					t.Errorf("%s, pooling %q, %q: %v, want %v", graph, way, recorded.Texts[i], got[i], want[i])
				}
			}
		}
	}
}

func TestThePoolingIsTheFolders(t *testing.T) {
	text := []string{"lithium battery cathode"}
	for _, c := range []struct {
		config string
		is     onnx.Pooling
	}{
		{`{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}`, onnx.CLS},
		{`{"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true}`, onnx.Mean},
		{`{"pooling_mode_lasttoken":true}`, onnx.Last},
		{`{"pooling_mode":"mean"}`, onnx.Mean},
	} {
		told := openIn(t, small(t, "tokens", map[string]string{"1_Pooling/config.json": c.config}))
		given := openIn(t, small(t, "tokens", nil), pooling(c.is))
		a, errA := told.Embed(t.Context(), embed.Document, text)
		b, errB := given.Embed(t.Context(), embed.Document, text)
		if errA != nil || errB != nil || !near(a[0], b[0]) {
			t.Errorf("%s: %v, want %v (errors %v, %v)", c.config, a, b, errA, errB)
		}
	}
}

func TestPrefixesAreOfTheirRoleAndFromTheFolderWhereNoneIsGiven(t *testing.T) {
	prompts := map[string]string{"config_sentence_transformers.json": `{"prompts":{"query":"for: ","passage":"of: "}}`}
	plain := openIn(t, small(t, "tokens", nil))
	fromFolder := openIn(t, small(t, "tokens", prompts))
	given := openIn(t, small(t, "tokens", prompts), func(c *onnx.Config) { c.QueryPrefix = "find " })
	for _, c := range []struct {
		e      *onnx.Embedder
		role   embed.Role
		prefix string
	}{
		{fromFolder, embed.Query, "for: "}, {fromFolder, embed.Document, "of: "},
		{given, embed.Query, "find "}, {given, embed.Document, "of: "},
	} {
		got, err := c.e.Embed(t.Context(), c.role, []string{"battery"})
		if err != nil {
			t.Fatal(err)
		}
		want, err := plain.Embed(t.Context(), c.role, []string{c.prefix + "battery"})
		if err != nil {
			t.Fatal(err)
		}
		if !near(got[0], want[0]) {
			t.Errorf("role %d: %v, want the vector with prefix %q, %v", c.role, got[0], c.prefix, want[0])
		}
	}
}

func TestWhatIsCutOffIsCountedAndToldOnce(t *testing.T) {
	var log bytes.Buffer
	e := openIn(t, small(t, "tokens", nil), func(c *onnx.Config) {
		c.MaxTokens, c.Log = 6, slog.New(slog.NewTextHandler(&log, nil))
	})
	texts := []string{"a b c d", "a b c d e", "a b c d e f"}
	got, err := e.Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	if e.Truncated() != 2 || strings.Count(log.String(), "longer than the model reads") != 1 {
		t.Errorf("Truncated() = %d, log %q", e.Truncated(), log.String())
	}
	if !near(got[0], got[1]) || !near(got[0], got[2]) {
		t.Errorf("what was cut off still counts: %v", got)
	}
	if n := e.Tokens(embed.Document, texts[2]); n != 8 || e.MaxTokens() != 6 {
		t.Errorf("Tokens = %d of %d", n, e.MaxTokens())
	}
}

func TestATextWithinTheLimitIsNotCut(t *testing.T) {
	e := openIn(t, small(t, "tokens", nil), func(c *onnx.Config) { c.QueryPrefix = "for: " })
	limit := e.Limit()
	for _, text := range []string{strings.Repeat("锂", limit), strings.Repeat("a,", limit/2), strings.Repeat("é ", limit/2)} {
		for _, role := range []embed.Role{embed.Query, embed.Document} {
			if n := e.Tokens(role, text); n > e.MaxTokens() {
				t.Errorf("%d code points are %d tokens, more than %d", limit, n, e.MaxTokens())
			}
		}
	}
}

func TestTheIdentityTellsWhatChangesTheVectors(t *testing.T) {
	seen := map[string]string{}
	for name, e := range map[string]*onnx.Embedder{
		"as it is":         openIn(t, small(t, "tokens", nil)),
		"another graph":    openIn(t, small(t, "pooled", nil)),
		"mean":             openIn(t, small(t, "tokens", nil), pooling(onnx.Mean)),
		"a query prefix":   openIn(t, small(t, "tokens", nil), func(c *onnx.Config) { c.QueryPrefix = "x" }),
		"a text prefix":    openIn(t, small(t, "tokens", nil), func(c *onnx.Config) { c.DocumentPrefix = "x" }),
		"another limit":    openIn(t, small(t, "tokens", nil), func(c *onnx.Config) { c.MaxTokens = 64 }),
		"beside a weights": openIn(t, small(t, "tokens", map[string]string{"model.onnx_data": "w"})),
	} {
		digest := filepath.Base(e.Identity())
		if other := seen[digest]; other != "" || !strings.HasPrefix(e.Identity(), "onnx/") {
			t.Errorf("%s has the identity %q, and so has %q", name, e.Identity(), other)
		}
		seen[digest] = name
	}
	a, b := small(t, "tokens", nil), small(t, "tokens", nil)
	one, two := openIn(t, a), openIn(t, b, func(c *onnx.Config) { c.Threads = 1 })
	if filepath.Base(one.Identity()) != filepath.Base(two.Identity()) {
		t.Errorf("%q and %q differ by what changes nothing", one.Identity(), two.Identity())
	}
}

func TestATextOnWhichTheGraphFailsLeavesTheOthers(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "text", "subword", "testdata", "wordpiece-uncased.json"))
	if err != nil {
		t.Fatal(err)
	}
	// A token for which the graph has no row.
	tokeniser := strings.Replace(string(raw), `"added_tokens":[`,
		`"added_tokens":[{"id":99999,"content":"<beyond>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},`, 1)
	e := openIn(t, small(t, "tokens", map[string]string{"tokenizer.json": tokeniser}))
	texts := []string{"battery", "a <beyond> b", "cathode", "a <beyond> b"}
	got, err := e.Embed(t.Context(), embed.Document, texts)
	var partial *embed.PartialError
	if !errors.As(err, &partial) || len(partial.Errs) != 2 || partial.Errs[1] == nil || partial.Errs[3] == nil {
		t.Fatalf("error %v", err)
	}
	if match.KindOf(partial.Errs[1]) != match.Invalid || got[1] != nil || got[3] != nil || len(got[0]) != e.Dim() || len(got[2]) != e.Dim() {
		t.Errorf("vectors %v, error %v", got, partial.Errs[1])
	}
}

func TestATextWithoutTokensHasTheZeroVector(t *testing.T) {
	e := openIn(t, small(t, "tokens", nil))
	got, err := e.Embed(t.Context(), embed.Document, []string{"\u200b\x00"})
	if err != nil || !near(got[0], make([]float32, e.Dim())) {
		t.Errorf("%v, error %v", got, err)
	}
}

func TestAClosedModelEmbedsNothing(t *testing.T) {
	e := openIn(t, small(t, "tokens", nil))
	for range 2 {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Embed(t.Context(), embed.Document, []string{"battery"}); match.KindOf(err) != match.Invalid {
		t.Errorf("error %v", err)
	}
}

// TestTheCollectorMayRunAtAnyTime runs the collector, and grows and shrinks
// stacks, while the library reads and writes memory of this program.
func TestTheCollectorMayRunAtAnyTime(t *testing.T) {
	e := openIn(t, small(t, "tokens", nil))
	texts := []string{"锂离子电池正极材料", "A method for recycling lithium batteries", strings.Repeat("污水处理 ", 90)}
	want, err := e.Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var collector, callers sync.WaitGroup
	collector.Go(func() {
		for !stop.Load() {
			runtime.GC()
		}
	})
	for range 4 {
		callers.Go(func() {
			for range 100 {
				got, err := deep(30, func() ([][]float32, error) { return e.Embed(context.Background(), embed.Document, texts) })
				if err != nil {
					t.Error(err)
					return
				}
				for i := range want {
					if !near(got[i], want[i]) {
						t.Errorf("%q: %v, want %v", texts[i], got[i], want[i])
						return
					}
				}
			}
		})
	}
	callers.Wait()
	stop.Store(true)
	collector.Wait()
}

// deep calls f from n frames further down, on a stack that had to grow.
func deep(n int, f func() ([][]float32, error)) ([][]float32, error) {
	var room [1024]byte
	if n == 0 {
		return f()
	}
	room[n] = byte(n)
	out, err := deep(n-1, f)
	runtime.KeepAlive(&room)
	return out, err
}
