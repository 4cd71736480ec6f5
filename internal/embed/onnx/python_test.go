package onnx_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/onnx"
)

// abstracts are those of the patents in DUIJIE_DATA, or the test skips.
func abstracts(t testing.TB) []string {
	t.Helper()
	_, texts := patents(t)
	return texts
}

func patents(t testing.TB) (titles, abstracts []string) {
	t.Helper()
	data := os.Getenv("DUIJIE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(data, "bdci2022", "patents.jsonl"))
	if err != nil {
		t.Skip("DUIJIE_DATA has no bdci2022/patents.jsonl")
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var patent struct{ Title, Abstract string }
		if err := json.Unmarshal(lines.Bytes(), &patent); err != nil {
			t.Fatal(err)
		}
		titles, abstracts = append(titles, patent.Title), append(abstracts, patent.Abstract)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return titles, abstracts
}

// python embeds texts with Python's ONNX Runtime, or skips; it also tells how
// long that took without loading.
func python(t testing.TB, f onnx.Files, threads string, batch int, texts []string) ([][]float32, time.Duration) {
	t.Helper()
	if err := exec.Command("python3", "-c", "import onnxruntime, tokenizers").Run(); err != nil {
		t.Skip("python3 with onnxruntime and tokenizers is not here")
	}
	var in, out, said bytes.Buffer
	write := json.NewEncoder(&in)
	for _, text := range texts {
		if err := write.Encode(text); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("python3", filepath.Join("testdata", "reference.py"), f.Graph, f.Tokeniser, string(f.Pooling), strconv.Itoa(f.MaxTokens), threads, strconv.Itoa(batch))
	c.Stdin, c.Stdout, c.Stderr = &in, &out, &said
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	lines := strings.Fields(said.String())
	seconds, err := strconv.ParseFloat(lines[len(lines)-1], 64)
	if err != nil {
		t.Fatal(err)
	}
	dim := out.Len() / 4 / len(texts)
	vectors := make([][]float32, len(texts))
	for i := range vectors {
		vectors[i] = make([]float32, dim)
		if err := binary.Read(&out, binary.LittleEndian, vectors[i]); err != nil {
			t.Fatal(err)
		}
	}
	return vectors, time.Duration(seconds * float64(time.Second))
}

// leastCosine is the smallest cosine of two lists of unit vectors.
func leastCosine(a, b [][]float32) float64 {
	least := math.Inf(1)
	for i := range a {
		sum := 0.0
		for d, x := range a[i] {
			sum += float64(x) * float64(b[i][d])
		}
		least = min(least, sum)
	}
	return least
}

// some gives as many texts as DUIJIE_BENCH_TEXTS says, at even distances.
func some(texts []string, otherwise int) []string {
	n, err := strconv.Atoi(os.Getenv("DUIJIE_BENCH_TEXTS"))
	if err != nil || n < 1 {
		n = otherwise
	}
	n = min(n, len(texts))
	out := make([]string, n)
	for i := range out {
		out[i] = texts[i*len(texts)/n]
	}
	return out
}

// TestVectorsEqualThoseOfPython compares 100 abstracts, or as many as
// DUIJIE_BENCH_TEXTS says; all of them take minutes.
func TestVectorsEqualThoseOfPython(t *testing.T) {
	e, texts := open(t), some(abstracts(t), 100)
	want, _ := python(t, e.Files(), "2x1", 1, texts)
	got, err := e.Embed(t.Context(), embed.Document, texts)
	if err != nil {
		t.Fatal(err)
	}
	least := leastCosine(got, want)
	t.Logf("the least cosine of %d abstracts is %.7f", len(texts), least)
	if least < 0.9999 {
		t.Errorf("the least cosine is %v", least)
	}
}

// BenchmarkBesidePython reports texts a second of Go and of the best of Python's
// ways with as many threads, for as many texts as DUIJIE_BENCH_TEXTS says.
func BenchmarkBesidePython(b *testing.B) {
	e := open(b)
	titles, abstracts := patents(b)
	for _, c := range []struct {
		name  string
		texts []string
	}{{"abstracts", abstracts}, {"titles", titles}} {
		b.Run(c.name, func(b *testing.B) { besidePython(b, e, some(c.texts, len(c.texts))) })
	}
}

func besidePython(b *testing.B, e *onnx.Embedder, texts []string) {
	for b.Loop() {
		best := 0.0
		for _, way := range []struct {
			threads string
			batch   int
		}{{"2", 1}, {"2", 8}, {"2", 32}, {"2x1", 1}} {
			_, took := python(b, e.Files(), way.threads, way.batch, texts)
			rate := float64(len(texts)) / took.Seconds()
			b.ReportMetric(rate, fmt.Sprintf("py-%s-batch%d/s", way.threads, way.batch))
			best = max(best, rate)
		}
		start := time.Now()
		if _, err := e.Embed(context.Background(), embed.Document, texts); err != nil {
			b.Fatal(err)
		}
		own := float64(len(texts)) / time.Since(start).Seconds()
		b.ReportMetric(own, "go/s")
		b.ReportMetric(own/best, "go:best-py")
	}
}
