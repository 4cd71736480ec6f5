package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/workload"
)

type benchGenerateCmd struct {
	Patents int    `help:"Patents to write. 专利数量。" default:"10000"`
	Demands int    `help:"Demands to write. 需求数量。" default:"3000"`
	Out     string `help:"Folder for patents.jsonl and demands.jsonl, which import reads; made if it is not there. 输出目录，没有则新建。" type:"path" required:"" placeholder:"DIR"`
	Texts   string `help:"File whose clauses make up the records; by default the built-in sample. 用此文件的语句生成。" type:"path" placeholder:"FILE"`
	Seed    uint64 `help:"Other numbers make other records. 随机种子。" default:"1"`
}

func (c *benchGenerateCmd) Run(ctx context.Context) error {
	if c.Patents < 0 || c.Demands < 0 {
		return match.Invalidf("--patents, --demands", "is negative")
	}
	source, err := workloadFlags{Texts: c.Texts}.source()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return err
	}
	g, bar := workload.New(source, c.Seed, c.Patents), &stepProgress{}
	defer bar.end()
	write := func(kind string, n int, record func(i int) match.Record) error {
		return newWhole(filepath.Join(c.Out, kind+".jsonl"), func(w io.Writer) error {
			for i := range n {
				if i%500 == 0 {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					bar.show(kind, i, n)
				}
				if err := ingest.WriteJSONL(w, record(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return errors.Join(
		write("patents", c.Patents, func(i int) match.Record { return match.NewPatent(match.DefaultTenant, g.Patent(i)) }),
		write("demands", c.Demands, func(i int) match.Record { return match.NewDemand(match.DefaultTenant, g.Demand(i)) }),
	)
}

// newWhole writes a file whole or not at all.
func newWhole(path string, write func(w io.Writer) error) error {
	f, err := createFile(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(write(w), w.Flush()); err != nil {
		f.abandon()
		return err
	}
	return f.commit()
}
