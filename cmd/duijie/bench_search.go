package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/duijie/duijie/internal/bench"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/match"
)

type benchSearchCmd struct {
	langFlag
	workloadFlags
	Sizes     []int  `help:"Numbers of patents. 专利数量。" default:"10000,100000" placeholder:"N"`
	Queries   int    `help:"Demands that are asked. 查询数量。" default:"300"`
	Clients   int    `help:"Clients at once when throughput is measured; 0 is one for each core. 并发数。" default:"0"`
	Words     bool   `help:"Measure the index of words too. 同时测量词检索。" default:"true" negatable:""`
	Qdrant    string `help:"host:port of a Qdrant server to be measured beside the built-in index. 同时测量的 Qdrant 地址。" env:"DUIJIE_QDRANT" placeholder:"ADDR"`
	QdrantKey string `help:"API key of Qdrant." env:"DUIJIE_QDRANT_KEY" placeholder:"KEY" hidden:""`
	QdrantEf  []int  `help:"Values of ef, how far a search of Qdrant's graph looks, to measure one after the other. 依次测量的 Qdrant 检索参数 ef。" name:"qdrant-ef" placeholder:"N"`
	QdrantPID int    `help:"Process of that server, if it runs on this machine, to tell its memory. Qdrant 进程号，用于统计内存。" name:"qdrant-pid" placeholder:"PID"`
	JSON      bool   `help:"Print one JSON document. 输出 JSON。" name:"json"`
	Plot      string `help:"Write a plot of cost over size there, as SVG. 成本随规模变化图（SVG）。" type:"path" placeholder:"FILE"`

	Embed embedFlags `embed:""`
}

func (c *benchSearchCmd) Run(ctx context.Context) (err error) {
	if err := c.check(); err != nil {
		return err
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
	report, err := bench.Search{
		Source: source, Embedder: embedder, Seed: c.Seed, Dir: dir, Sizes: c.Sizes, Others: c.others(),
		Words: c.Words, Queries: c.Queries, Clients: c.Clients,
		Progress: func(size int, step string, done, total int) { bar.show(fmt.Sprintf("%d: %s", size, step), done, total) },
	}.Run(ctx, version())
	bar.end()
	// What was measured before a failure is told as well.
	return errors.Join(err, c.print(report), c.plot(report))
}

func (c *benchSearchCmd) check() error {
	for _, n := range c.Sizes {
		if n < 1 {
			return match.Invalidf("--sizes", "%d is less than 1", n)
		}
	}
	if c.Queries < 1 {
		return match.Invalidf("--queries", "%d is less than 1", c.Queries)
	}
	if c.Clients < 0 {
		return match.Invalidf("--clients", "%d is negative", c.Clients)
	}
	for _, n := range c.QdrantEf {
		if n < 1 || n > qdrant.MaxEf {
			return match.Invalidf("--qdrant-ef", "%d is not in %d to %d", n, 1, qdrant.MaxEf)
		}
	}
	return nil
}

// others is the Qdrant server, under a name of its own, where one is given.
func (c *benchSearchCmd) others() []bench.Subject {
	if c.Qdrant == "" {
		return nil
	}
	at := qdrant.Config{Addrs: []string{c.Qdrant}, APIKey: c.QdrantKey, Prefix: "duijie-bench-" + strings.ToLower(rand.Text()[:10])}
	opening := func(at qdrant.Config) func(context.Context, index.Spec) (index.Index, error) {
		return func(ctx context.Context, spec index.Spec) (index.Index, error) {
			ix, err := qdrant.Open(ctx, at, spec)
			if err != nil {
				return nil, err
			}
			return ix, nil
		}
	}
	s := bench.Subject{
		Name: "qdrant", Open: opening(at),
		Drop: func(ctx context.Context, spec index.Spec) error {
			_, err := qdrant.DropModels(ctx, at, []string{spec.Collection}, nil)
			return err
		},
	}
	for _, n := range c.QdrantEf {
		looking := at
		looking.Ef = n
		s.Variants = append(s.Variants, bench.Variant{Name: fmt.Sprintf("qdrant, ef %d", n), Open: opening(looking)})
	}
	if c.QdrantPID > 0 {
		s.Memory = func() int64 { return bench.Anonymous(strconv.Itoa(c.QdrantPID)) }
	}
	return []bench.Subject{s}
}

func (c *benchSearchCmd) plot(r *bench.SearchReport) error {
	if c.Plot == "" || len(r.Runs) == 0 {
		return nil
	}
	return newWhole(c.Plot, func(w io.Writer) error { return r.Plot(w, c.pick) })
}

func (c *benchSearchCmd) print(r *bench.SearchReport) error {
	if c.JSON {
		return writeJSON(os.Stdout, r)
	}
	for i := range r.Runs {
		if err := c.printRun(os.Stdout, &r.Runs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *benchSearchCmd) printRun(w io.Writer, r *bench.SizeRun) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	say(out, c.langFlag,
		fmt.Sprintf("%d 件专利：%d 个主题，%d 个不同的词元，平均 %.0f 字，近重复 %.1f%%；向量化每秒 %.0f 件\n", r.Size, r.Data.Topics, r.Data.DistinctTerms, r.Data.MeanCharacters, 100*r.Data.NearDuplicates, r.Embedding.RecordsPerSecond),
		fmt.Sprintf("%d patents: %d topics, %d distinct terms, %.0f characters on average, %.1f %% near duplicates; embedded %.0f a second\n", r.Size, r.Data.Topics, r.Data.DistinctTerms, r.Data.MeanCharacters, 100*r.Data.NearDuplicates, r.Embedding.RecordsPerSecond))
	for _, x := range r.Indexes {
		c.printFilled(out, x.Name, x.Filled, x.AnonymousBytes)
		fmt.Fprintln(out, c.pick(match.LocalText{
			ZH: "  向量\t筛选\t召回@10\t召回@50\tp50 ms\tp90\tp99\tCPU ms\t次/秒", EN: "  vector\tfilter\trecall@10\trecall@50\tp50 ms\tp90\tp99\tCPU ms\ta second"}))
		for _, s := range x.Searches {
			fmt.Fprintf(out, "  %s\t%s\t%.4f\t%.4f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\n", s.Vector, s.Filter, s.RecallAt10, s.RecallAt50,
				s.Latency.P50, s.Latency.P90, s.Latency.P99, s.Latency.Processor, s.PerSecond)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	say(out, c.langFlag, fmt.Sprintf("  内置索引全部读取：p50 %.2f ms\n", r.Exact.P50), fmt.Sprintf("  built-in, everything read: p50 %.2f ms\n", r.Exact.P50))
	if r.Words != nil {
		c.printWords(out, r.Words)
	}
	fmt.Fprintln(out)
	return out.Flush()
}

func (c *benchSearchCmd) printFilled(out io.Writer, name string, f bench.Filled, memory int64) {
	if f == (bench.Filled{}) {
		fmt.Fprintln(out, name)
		return
	}
	var disk, peak, serving string
	if f.DiskBytes > 0 {
		disk = c.pick(match.LocalText{ZH: "磁盘 ", EN: "disk "}) + bytesWords(f.DiskBytes)
	}
	if f.PeakAnonymousBytes > 0 {
		peak = c.pick(match.LocalText{ZH: "建库时内存 ", EN: "memory while filling "}) + bytesWords(f.PeakAnonymousBytes)
	}
	if memory > 0 {
		serving = c.pick(match.LocalText{ZH: "检索时内存 ", EN: "memory while searching "}) + bytesWords(memory)
	}
	fmt.Fprintln(out, phrased(
		c.pick(match.LocalText{
			ZH: fmt.Sprintf("%s：写入 %.1f 秒", name, f.IngestSeconds), EN: fmt.Sprintf("%s: filled in %.1f s", name, f.IngestSeconds)}),
		c.pick(match.LocalText{ZH: fmt.Sprintf("建索引 %.1f 秒", f.BuildSeconds), EN: fmt.Sprintf("built in %.1f s", f.BuildSeconds)}),
		c.pick(match.LocalText{ZH: fmt.Sprintf("打开 %.2f 秒", f.OpenSeconds), EN: fmt.Sprintf("opened in %.2f s", f.OpenSeconds)}),
		disk, peak, serving))
}

func (c *benchSearchCmd) printWords(out io.Writer, r *bench.WordResult) {
	c.printFilled(out, c.pick(match.LocalText{ZH: "词检索", EN: "words"}), r.Filled, r.AnonymousBytes)
	fmt.Fprintln(out, c.pick(match.LocalText{
		ZH: "  筛选\t重合@50\tp50 ms\tp90\tp99\tCPU ms\t全部计算 p50", EN: "  filter\toverlap@50\tp50 ms\tp90\tp99\tCPU ms\tp50 in full"}))
	for _, s := range r.Searches {
		fmt.Fprintf(out, "  %s\t%.4f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\n", s.Filter, s.Overlap, s.Latency.P50, s.Latency.P90, s.Latency.P99, s.Latency.Processor, s.Full.P50)
	}
}
