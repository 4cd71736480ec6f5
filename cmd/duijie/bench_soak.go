package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/duijie/duijie/internal/bench"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

type benchSoakCmd struct {
	langFlag
	workloadFlags
	Duration time.Duration `help:"How long. 时长。" default:"1h"`
	Patents  int           `help:"Patents that are there; a third as many demands. 专利数量；需求为其三分之一。" default:"20000"`
	Readers  int           `help:"Clients that match at the same time. 并发匹配数。" default:"2"`
	Writes   int           `help:"Records written a second. 每秒写入条数。" default:"100"`
	JSON     bool          `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

func (c *benchSoakCmd) Run(ctx context.Context) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	source, err := c.source()
	if err != nil {
		return err
	}
	dir, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	in, err := instance.Open(ctx, instance.Config{Data: filepath.Join(dir, "data"), Version: version()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	report, err := bench.Soak{
		Instance: in, Source: source, Seed: c.Seed, For: c.Duration, Patents: c.Patents, Readers: c.Readers, Writes: c.Writes,
		Progress: c.show,
	}.Run(ctx, version())
	if err != nil {
		return err
	}
	if err := c.print(report); err != nil {
		return err
	}
	if report.Errors > 0 {
		return exitError{exitFailed}
	}
	return nil
}

func (c *benchSoakCmd) check() error {
	for _, f := range []struct {
		flag  string
		value int64
	}{{"--duration", int64(c.Duration)}, {"--patents", int64(c.Patents)}, {"--readers", int64(c.Readers)}, {"--writes", int64(c.Writes)}} {
		if f.value < 1 {
			return match.Invalidf(f.flag, "is less than 1")
		}
	}
	return nil
}

// show tells on standard error how it goes.
func (c *benchSoakCmd) show(s bench.Sample) {
	say(os.Stderr, c.langFlag,
		fmt.Sprintf("%6.0f 秒  内存 %s  匹配 %d  写入 %d  错误 %d  p50 %.1f ms  p99 %.1f ms\n", s.Seconds, bytesWords(s.AnonymousBytes), s.Matches, s.Writes, s.Errors, s.Latency.P50, s.Latency.P99),
		fmt.Sprintf("%6.0f s  memory %s  matches %d  writes %d  errors %d  p50 %.1f ms  p99 %.1f ms\n", s.Seconds, bytesWords(s.AnonymousBytes), s.Matches, s.Writes, s.Errors, s.Latency.P50, s.Latency.P99))
}

func (c *benchSoakCmd) print(r *bench.SoakReport) error {
	if c.JSON {
		return writeJSON(os.Stdout, r)
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%.0f 秒内匹配 %d 次、写入 %d 条，错误 %d；内存每小时变化 %+.1f MiB\n", r.Seconds, r.Matches, r.Writes, r.Errors, r.GrowthPerHour/(1<<20)),
		fmt.Sprintf("%d matches and %d writes in %.0f s, %d errors; memory changes by %+.1f MiB an hour\n", r.Matches, r.Writes, r.Seconds, r.Errors, r.GrowthPerHour/(1<<20)))
	for _, e := range r.Told {
		fmt.Fprintln(os.Stdout, "  "+e)
	}
	return nil
}
