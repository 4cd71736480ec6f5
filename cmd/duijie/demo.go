package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

type demoCmd struct {
	langFlag
	llmFlags
	Once   bool   `help:"Print and exit, without serving. 只打印，不启动服务。"`
	Listen string `help:"Address for HTTP. HTTP 地址。" default:"127.0.0.1:7601"`
	GRPC   string `help:"Address for gRPC. gRPC 地址。" default:"127.0.0.1:7600" name:"grpc"`
}

func (c *demoCmd) Run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "duijie-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	in, err := instance.Open(ctx, instance.Config{Data: dir, Now: sample.Now, Version: version()})
	if err != nil {
		return err
	}
	defer in.Close()
	if err := c.show(ctx, in, os.Stdout); err != nil {
		return err
	}
	if c.Once {
		return nil
	}
	say(os.Stdout, c.langFlag, "\n服务已启动，按 Ctrl-C 结束。\n", "\nServing until Ctrl-C.\n")
	serve := serveCmd{llmFlags: c.llmFlags, Listen: c.Listen, GRPC: c.GRPC, Metrics: "127.0.0.1:0", Grace: time.Second, AnswersMax: 100_000, Console: true}
	return serve.serve(ctx, in, dataFlags{LogLevel: "warn"}.logger(), os.Stdout, c.langFlag)
}

// show loads the sample and prints what it does with it.
func (c *demoCmd) show(ctx context.Context, in *instance.Instance, w io.Writer) error {
	began := time.Now()
	catalog, err := loadSample(ctx, in)
	if err != nil {
		return err
	}
	say(w, c.langFlag,
		fmt.Sprintf("对接 Duijie：已载入 %d 件专利、%d 条需求（均为虚构样例），用时 %.1f 秒。\n", len(catalog.Patents), len(catalog.Demands), time.Since(began).Seconds()),
		fmt.Sprintf("Duijie: loaded %d patents and %d demands (an invented sample) in %.1f s.\n", len(catalog.Patents), len(catalog.Demands), time.Since(began).Seconds()))
	for _, q := range demoQueries {
		if err := c.showMatch(ctx, in, w, q); err != nil {
			return err
		}
	}
	return c.showQuality(ctx, in, w, catalog)
}

// demoQueries are the records that the demo matches.
var demoQueries = []match.Ref{
	{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: "D-BAT2"},
	{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: "D-MAT3"},
	{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: "CN202120500318B"},
}

func (c *demoCmd) showMatch(ctx context.Context, in *instance.Instance, w io.Writer, from match.Ref) error {
	answer, err := in.Engine.Match(ctx, match.Request{ID: "demo", Tenant: from.Tenant, From: from, Limit: 3, Explain: true})
	if err != nil {
		return err
	}
	texts := answer.Query.Texts()
	if from.Kind == match.DemandKind {
		say(w, c.langFlag, "\n需求 ", "\nDemand ")
	} else {
		say(w, c.langFlag, "\n专利 ", "\nPatent ")
	}
	fmt.Fprintf(w, "%s  %s\n    %s\n", from.ID, texts.Title, clip(texts.Body, 110))
	if from.Kind == match.DemandKind {
		say(w, c.langFlag, "  → 最合适的专利：\n", "  → patents that serve it:\n")
	} else {
		say(w, c.langFlag, "  → 可能需要它的企业：\n", "  → enterprises that may want it:\n")
	}
	return printAnswer(w, answer, c.langFlag)
}

// showQuality tells how often the first patent is one that the labels call a
// good fit.
func (c *demoCmd) showQuality(ctx context.Context, in *instance.Instance, w io.Writer, s *sample.Catalog) error {
	began := time.Now()
	good, err := firstIsGood(ctx, in, s)
	if err != nil {
		return err
	}
	each := float64(time.Since(began).Microseconds()) / float64(len(s.Demands)) / 1000
	say(w, c.langFlag,
		fmt.Sprintf("\n全部 %d 条需求中，%d 条排在第一位的专利被标注为 3 级或 4 级（较强、强）；平均每次匹配 %.1f 毫秒。\n", len(s.Demands), good, each),
		fmt.Sprintf("\nOf all %d demands, %d have a patent in first place that is labelled level 3 or 4 (rather strong, strong); a match takes %.1f ms on average.\n", len(s.Demands), good, each))
	return nil
}

func firstIsGood(ctx context.Context, in *instance.Instance, s *sample.Catalog) (int, error) {
	levels := map[match.Pair]match.Level{}
	for _, l := range s.Labels {
		levels[pairOf(l.Demand, l.Patent)] = l.Level
	}
	good := 0
	for _, d := range s.Demands {
		answer, err := in.Engine.Match(ctx, match.Request{
			ID: "demo", Tenant: match.DefaultTenant, Limit: 1,
			From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: d.ID},
		})
		if err != nil {
			return 0, err
		}
		if len(answer.Hits) > 0 && levels[pairOf(d.ID, answer.Hits[0].Record.ID)] >= match.RatherGoodFit {
			good++
		}
	}
	return good, nil
}

func pairOf(demand, patent string) match.Pair {
	return match.Pair{
		Demand: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: demand},
		Patent: match.RefOf(match.DefaultTenant, match.PatentKind, patent),
	}
}

// loadSample writes the sample and waits until it is searchable.
func loadSample(ctx context.Context, in *instance.Instance) (*sample.Catalog, error) {
	s, err := sample.Load()
	if err != nil {
		return nil, err
	}
	records := s.Records()
	items := make([]store.Item, len(records))
	for i, r := range records {
		items[i] = store.Item{Record: r}
	}
	outcomes, err := in.Catalog.Write(ctx, store.Batch{Tenant: match.DefaultTenant, Items: items})
	if err != nil {
		return nil, err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return nil, o.Err
		}
	}
	if err := in.Store.PutLabels(ctx, s.Labels); err != nil {
		return nil, err
	}
	return s, in.Catalog.Await(ctx)
}

// say prints in the language of the reader.
func say(w io.Writer, lang langFlag, zh, en string) {
	io.WriteString(w, lang.pick(match.LocalText{ZH: zh, EN: en}))
}
