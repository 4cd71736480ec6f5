package contender

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
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
	// Progress is told how many texts of how many are embedded.
	Progress func(done, total int)
}

// Parse takes apart NAME=REF. A reference alone is named by its base name without
// .trec and .gz.
func Parse(s string) (name, ref string) {
	if name, ref, ok := strings.Cut(s, "="); ok && name != "" && !strings.Contains(name, "/") {
		return name, ref
	}
	base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(s), ".gz"), ".trec")
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
	score, err := scorer(ctx, d, ref, o)
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+s, err)
	}
	depth := o.Depth
	if depth == 0 {
		depth = max(1, d.Documents())
	}
	run, latencies, err := evaluation.Rank(d, o.Candidates, depth, o.Workers, score)
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+s, err)
	}
	return evaluation.Model{Name: name, Run: run, Latencies: latencies}, nil, nil
}

func scorer(ctx context.Context, d *evaluation.Dataset, ref string, o Options) (evaluation.Scorer, error) {
	switch ref {
	case "random":
		return evaluation.Random(d, o.Seed), nil
	case "bm25":
		return bm25(ctx, d)
	case "static":
		return withStatic(ctx, d, o, cosines)
	case "hybrid":
		return withStatic(ctx, d, o, func(v *vectors) evaluation.Scorer { return fused(v, rank.ZeroShot()) })
	case "openai":
		if o.Remote == nil {
			return nil, match.Invalidf("--model", "openai needs --openai-url and --openai-model")
		}
		e, err := o.Remote(ctx)
		if err != nil {
			return nil, err
		}
		v, err := embedAll(ctx, d, e, o)
		if err != nil {
			return nil, err
		}
		return cosines(v), nil
	}
	return nil, match.Invalidf("--model", fmt.Sprintf("%q is not known; there are random, bm25, static, openai, hybrid and .trec files", ref))
}

func withStatic(ctx context.Context, d *evaluation.Dataset, o Options, make func(*vectors) evaluation.Scorer) (evaluation.Scorer, error) {
	m, err := static.Builtin()
	if err != nil {
		return nil, err
	}
	v, err := embedAll(ctx, d, m, o)
	if err != nil {
		return nil, err
	}
	return make(v), nil
}
