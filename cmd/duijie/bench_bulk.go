package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/duijie/duijie/internal/bench"
	"github.com/duijie/duijie/internal/match"
)

type benchBulkCmd struct {
	langFlag
	workloadFlags
	Patents int  `help:"Number of patents. 专利数量。" default:"100000"`
	Demands int  `help:"Number of demands. 需求数量。" default:"10000"`
	Limit   int  `help:"Patents for each demand. 每个需求的结果数。" short:"n" default:"10"`
	Exact   bool `help:"Answers are to be exact. 精确结果。"`
	JSON    bool `help:"Print one JSON document. 输出 JSON。" name:"json"`

	Embed embedFlags `embed:""`
}

func (c *benchBulkCmd) Run(ctx context.Context) (err error) {
	for flag, n := range map[string]int{"--patents": c.Patents, "--demands": c.Demands, "--limit": c.Limit} {
		if n < 1 {
			return match.Invalidf(flag, "%d is less than 1", n)
		}
	}
	source, err := c.source()
	if err != nil {
		return err
	}
	embedder, err := c.Embed.embedder(ctx)
	if err != nil {
		return err
	}
	dir, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	bar := &stepProgress{}
	r, err := bench.Bulk{
		Source: source, Embedder: embedder, Seed: c.Seed, Dir: dir, Patents: c.Patents, Demands: c.Demands, Limit: c.Limit, Exact: c.Exact,
		Progress: bar.show,
	}.Run(ctx, version())
	bar.end()
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, r)
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%d 个需求 × %d 件专利，前 %d：%.1f 秒，每秒 %.3g 对，每对 CPU %.2f 纳秒；召回率 %.4f（%d 个需求）；内存 %s\n",
			r.Demands, r.Patents, r.Limit, r.Seconds, r.PairsPerSecond, r.ProcessorNanos, r.Recall, r.RecallOf, bytesWords(r.PeakAnonymousBytes)),
		fmt.Sprintf("%d demands × %d patents, top %d: %.1f s, %.3g pairs a second, %.2f ns of processor time a pair; recall %.4f (of %d demands); memory %s\n",
			r.Demands, r.Patents, r.Limit, r.Seconds, r.PairsPerSecond, r.ProcessorNanos, r.Recall, r.RecallOf, bytesWords(r.PeakAnonymousBytes)))
	return nil
}
