package main

import (
	"context"
	"fmt"
	"os"

	"github.com/duijie/duijie/internal/bench"
	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

type benchMatchCmd struct {
	dataFlags
	langFlag
	File    string `arg:"" optional:"" help:"File with the demands, in a format that import reads; by default those of the data folder. 需求文件；默认用数据目录中的需求。" type:"path"`
	Queries int    `help:"Demands that are asked; the first tenth, at most 100, is not counted. 查询数量，前十分之一（至多 100）不计。" default:"300"`
	Limit   int    `help:"Number of hits. 结果数量。" short:"n" default:"10"`
	Explain bool   `help:"Say what carried each match. 说明匹配理由。" default:"true" negatable:""`
	JSON    bool   `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

func (c *benchMatchCmd) Run(ctx context.Context) error {
	if c.Queries < 1 {
		return match.Invalidf("--queries", "%d is less than 1", c.Queries)
	}
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	in, err := c.openToAsk(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	demands, err := c.demands(ctx, in)
	if err != nil {
		return err
	}
	bar := &stepProgress{}
	r, err := bench.Match{Instance: in, Demands: demands, Limit: c.Limit, Explain: c.Explain, Progress: func(done, total int) { bar.show("", done, total) }}.Run(ctx, version())
	bar.end()
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, r)
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%d 件专利，%d 个需求，每次前 %d（平均 %.1f）：p50 %.1f 毫秒，p90 %.1f，p99 %.1f；CPU %.1f 毫秒\n", r.Patents, r.Demands, r.Limit, r.Hits, r.P50, r.P90, r.P99, r.Processor),
		fmt.Sprintf("%d patents, %d demands, top %d (%.1f on average): p50 %.1f ms, p90 %.1f, p99 %.1f; %.1f ms of processor time\n", r.Patents, r.Demands, r.Limit, r.Hits, r.P50, r.P90, r.P99, r.Processor))
	if r.Degraded > 0 {
		say(os.Stderr, c.langFlag,
			fmt.Sprintf("%d 个答复不完整，其一：%s\n", r.Degraded, r.Reason),
			fmt.Sprintf("%d answers lacked a part, one of them: %s\n", r.Degraded, r.Reason))
	}
	return nil
}

// demands are those of the file, or the first ones that are stored.
func (c *benchMatchCmd) demands(ctx context.Context, in *instance.Instance) (out []match.Record, err error) {
	if c.File != "" {
		return c.read(ctx)
	}
	out, err = firstDemands(ctx, in.Store, c.Queries)
	if err == nil && len(out) == 0 {
		err = &match.Error{Kind: match.NotFound, Record: c.Data, Reason: "holds no demands; name a file with some"}
	}
	return out, err
}

func (c *benchMatchCmd) read(ctx context.Context) (out []match.Record, err error) {
	r, err := ingest.Open(c.File, ingest.Options{Kind: match.DemandKind})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for rows, err := range r.Batches(ctx, importBatch, 1) {
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Err != nil {
				return nil, row.Err
			}
			if out = append(out, row.Record); len(out) == c.Queries {
				return out, nil
			}
		}
	}
	if len(out) == 0 {
		return nil, match.About(c.File, match.Invalidf("rows", "are none"))
	}
	return out, nil
}
