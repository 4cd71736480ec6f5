package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Pairs   int    `help:"Labelled pairs to write instead, as a dataset for tune and evaluate: a patent for each pair, a demand for each 31. 改为生成这么多条标注数据，供 tune 与 evaluate 读取。" placeholder:"N"`
	Out     string `help:"Folder for patents.jsonl and demands.jsonl, which import reads, or for the dataset; made if it is not there. 输出目录，没有则新建。" type:"path" required:"" placeholder:"DIR"`
	Texts   string `help:"File whose clauses make up the records; by default the built-in sample. 用此文件的语句生成。" type:"path" placeholder:"FILE"`
	Seed    uint64 `help:"Other numbers make other records. 随机种子。" default:"1"`
}

func (c *benchGenerateCmd) Run(ctx context.Context) error {
	if c.Patents < 0 || c.Demands < 0 || c.Pairs < 0 {
		return match.Invalidf("--patents, --demands, --pairs", "is negative")
	}
	source, err := workloadFlags{Texts: c.Texts}.source()
	if err != nil {
		return err
	}
	files := c.catalog(workload.New(source, c.Seed, c.Patents))
	if c.Pairs > 0 {
		files = c.dataset(workload.New(source, c.Seed, c.Pairs))
	}
	bar := &stepProgress{}
	defer bar.end()
	for _, f := range files {
		if err := f.write(ctx, c.Out, bar); err != nil {
			return err
		}
	}
	return nil
}

// generatedFile is a file of n lines, each written by its number.
type generatedFile struct {
	name string
	n    int
	line func(w io.Writer, i int) error
}

func (f generatedFile) write(ctx context.Context, dir string, bar *stepProgress) error {
	path := filepath.Join(dir, f.name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return newWhole(path, func(w io.Writer) error {
		for i := range f.n {
			if i%500 == 0 {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				bar.show(f.name, i, f.n)
			}
			if err := f.line(w, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// catalog is the patents and demands that import reads.
func (c *benchGenerateCmd) catalog(g *workload.Generator) []generatedFile {
	return []generatedFile{
		{"patents.jsonl", c.Patents, func(w io.Writer, i int) error {
			return ingest.WriteJSONL(w, match.NewPatent(match.DefaultTenant, g.Patent(i)))
		}},
		{"demands.jsonl", c.Demands, func(w io.Writer, i int) error {
			return ingest.WriteJSONL(w, match.NewDemand(match.DefaultTenant, g.Demand(i)))
		}},
	}
}

// dataset is the labelled pairs that tune and evaluate read.
func (c *benchGenerateCmd) dataset(g *workload.Generator) []generatedFile {
	text := func(w io.Writer, id, title, text string) error {
		return json.NewEncoder(w).Encode(datasetText{ID: id, Title: title, Text: text})
	}
	return []generatedFile{
		{"queries.jsonl", (c.Pairs + workload.PairsOfDemand - 1) / workload.PairsOfDemand, func(w io.Writer, i int) error {
			d := g.Demand(i)
			return text(w, d.ID, d.Title, d.Text)
		}},
		{"corpus.jsonl", c.Pairs, func(w io.Writer, i int) error {
			p := g.Pair(i)
			return text(w, p.Number, p.Title, p.Abstract)
		}},
		{"qrels/train.tsv", 1 + c.Pairs, func(w io.Writer, i int) error {
			if i == 0 {
				_, err := io.WriteString(w, "query-id\tcorpus-id\tscore\n")
				return err
			}
			i--
			_, err := fmt.Fprintf(w, "%s\t%s\t%d\n", workload.DemandID(i/workload.PairsOfDemand), workload.PatentNumber(i), g.PairLevel(i))
			return err
		}},
	}
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
