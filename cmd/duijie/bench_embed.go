package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/duijie/duijie/internal/bench"
	"github.com/duijie/duijie/internal/match"
)

type benchEmbedCmd struct {
	langFlag
	workloadFlags
	Records int  `help:"Patents to embed, the title and the whole text of each. 专利数量。" default:"20000"`
	JSON    bool `help:"Print one JSON document. 输出 JSON。" name:"json"`

	Embed embedFlags `embed:""`
}

func (c *benchEmbedCmd) Run(ctx context.Context) error {
	if c.Records < 1 {
		return match.Invalidf("--records", "%d is less than 1", c.Records)
	}
	source, err := c.source()
	if err != nil {
		return err
	}
	embedder, err := c.Embed.embedder(ctx)
	if err != nil {
		return err
	}
	bar := &stepProgress{}
	began := time.Now()
	report, err := bench.Embed(ctx, source, c.Seed, embedder, c.Records, version(), func(done int) { bar.show("", done, c.Records) })
	bar.end()
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, report)
	}
	e := report.Embedding
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%s：%d 件专利每秒 %.0f 件（每件两段文字，共 %.1f 秒）\n", e.Model, c.Records, e.RecordsPerSecond, time.Since(began).Seconds()),
		fmt.Sprintf("%s: %d patents, %.0f a second (two texts each; %.1f s in all)\n", e.Model, c.Records, e.RecordsPerSecond, time.Since(began).Seconds()))
	return nil
}
