package contender

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// Options are what references need. The zero value is the default.
type Options struct {
	Candidates evaluation.Candidates
	// Depth is how many hits a run keeps for each query; 0 is all.
	Depth   int
	Workers int
	Seed    uint64 // of random
	// Remote opens the endpoint that the reference openai stands for.
	Remote func(context.Context) (embed.Embedder, error)
	// Onnx opens the sentence transformer in a folder; "" is the one that the
	// reference onnx stands for.
	Onnx func(dir string) (embed.Embedder, error)
	// Rerank makes the chat model that the reference reranked stands for.
	Rerank func() (retrieve.Reranker, error)
	// Progress is told how many texts of how many are embedded.
	Progress func(done, total int)
}

// staticFile ends a reference to a static model's file.
const staticFile = ".static"

// tunedFile ends the name of a tuned model's file, which its content tells as well.
const tunedFile = ".duijie"

// hybridPrefix stands before the embedder of a fusion that is not over the built-in one.
const hybridPrefix = "hybrid+"

// onnxFolder begins a reference to a sentence transformer's folder.
const onnxFolder = "onnx="

// Parse takes apart NAME=REF. What begins with onnx= is a reference alone, named
// onnx, and so is bm25=candidates, named bm25-candidates. A reference alone is named by
// its base name without .trec, .static, .duijie and .gz.
func Parse(s string) (name, ref string) {
	if s == candidatesBM25 {
		return strings.ReplaceAll(s, "=", "-"), s
	}
	if strings.HasPrefix(s, onnxFolder) {
		return strings.TrimSuffix(onnxFolder, "="), s
	}
	for _, prefix := range []string{hybridPrefix, rerankedPrefix} {
		if over, ok := strings.CutPrefix(s, prefix); ok {
			name, _ := Parse(over)
			return prefix + name, s
		}
	}
	if name, ref, ok := strings.Cut(s, "="); ok && name != "" && !strings.Contains(name, "/") {
		return name, ref
	}
	base := strings.TrimSuffix(filepath.Base(s), ".gz")
	for _, ending := range []string{".trec", staticFile, tunedFile} {
		base = strings.TrimSuffix(base, ending)
	}
	return base, s
}

// Open makes the run of the model that s names. Errors are of kind Invalid where
// the reference is unknown.
func Open(ctx context.Context, d *evaluation.Dataset, s string, o Options) (evaluation.Model, format.Warnings, error) {
	name, ref := Parse(s)
	if strings.HasSuffix(ref, ".trec") || strings.HasSuffix(ref, ".trec.gz") {
		run, warnings, err := format.ReadRun(ref, d, format.Options{Unknown: format.Skip})
		return evaluation.Model{Name: name, Run: run}, warnings, err
	}
	depth := o.Depth
	if depth == 0 {
		depth = max(1, d.Documents())
	}
	if isTuned(ref) {
		return openTuned(ctx, d, name, ref, depth, o)
	}
	if over, ok := hybridOver(ref); ok {
		m, err := openHybrid(ctx, d, name, over, depth, o)
		return m, nil, err
	}
	if over, ok := rerankedOver(ref); ok {
		return openReranked(ctx, d, name, over, depth, o)
	}
	score, err := scorer(ctx, d, ref, o)
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+s, err)
	}
	run, latencies, err := ranked(ctx, d, depth, o, score)
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+s, err)
	}
	return evaluation.Model{Name: name, Run: run, Latencies: latencies}, nil, nil
}

// ranked is evaluation.Rank that ends, with ctx's error, when ctx ends.
func ranked(ctx context.Context, d *evaluation.Dataset, depth int, o Options, score evaluation.Scorer) (*evaluation.Run, []time.Duration, error) {
	return evaluation.Rank(d, o.Candidates, depth, o.Workers, func(query, document int32) (float64, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return score(query, document)
	})
}

func scorer(ctx context.Context, d *evaluation.Dataset, ref string, o Options) (evaluation.Scorer, error) {
	switch ref {
	case "random":
		return evaluation.Random(d, o.Seed), nil
	case "bm25":
		return bm25(ctx, d)
	case candidatesBM25:
		return bm25Candidates(d), nil
	}
	e, err := embedderNamed(ctx, ref, o)
	if err != nil {
		return nil, err
	}
	return cosinesOf(ctx, d, e, o)
}

// embedderNamed opens the embedder that a reference stands for.
func embedderNamed(ctx context.Context, ref string, o Options) (embed.Embedder, error) {
	switch {
	case ref == "static":
		return static.Builtin()
	case ref == "openai":
		if o.Remote == nil {
			return nil, match.Invalidf("--model", "openai needs --openai-url and --openai-model")
		}
		return o.Remote(ctx)
	case strings.HasSuffix(ref, staticFile):
		return static.OpenFile(ref)
	}
	if dir, ok := onnxDir(ref); ok {
		if o.Onnx == nil {
			return nil, match.Invalidf("--model", "onnx needs --onnx-model")
		}
		return o.Onnx(dir)
	}
	return nil, match.Invalidf("--model", "%q is not known; there are random, bm25, bm25=candidates, static, onnx, onnx=DIR, openai, hybrid, hybrid+ an embedder, reranked, reranked+ an embedder, .static and .trec files, and tuned models' files", ref)
}

// onnxDir takes the folder from onnx=DIR; it is empty for onnx.
func onnxDir(ref string) (dir string, ok bool) {
	if ref == strings.TrimSuffix(onnxFolder, "=") {
		return "", true
	}
	dir, ok = strings.CutPrefix(ref, onnxFolder)
	return dir, ok && dir != ""
}

// cosinesOf scores by an embedder, which is closed afterwards.
func cosinesOf(ctx context.Context, d *evaluation.Dataset, e embed.Embedder, o Options) (evaluation.Scorer, error) {
	defer closeEmbedder(e)
	v, err := embedAll(ctx, d, e, o)
	if err != nil {
		return nil, err
	}
	return cosines(v), nil
}

func closeEmbedder(e embed.Embedder) {
	if c, ok := e.(io.Closer); ok {
		_ = c.Close() // nothing was written
	}
}
