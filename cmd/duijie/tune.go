package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/tune"
)

type tuneCmd struct {
	langFlag
	Dataset string `help:"Folder in BEIR layout: queries.jsonl, corpus.jsonl, qrels/SPLIT.tsv with levels 1 to 4. 数据集目录。" required:"" type:"path" placeholder:"DIR"`
	Split   string `help:"Name of the qrels file. 划分。" default:"train" placeholder:"NAME"`
	Out     string `help:"File to write the model to. 模型文件。" required:"" type:"path" placeholder:"FILE"`
	Name    string `help:"Name of the model; else the file's. 模型名称。" placeholder:"NAME"`
	Seed    uint64 `help:"Seed of all that is random. 随机种子。" default:"1"`
	Workers int    `help:"Goroutines; 0 is one for each processor. The model does not depend on it. 并行数。" default:"0"`
	JSON    bool   `help:"Print the model card. 输出模型卡 JSON。" name:"json"`

	Embed embedFlags `embed:""`
}

func (c *tuneCmd) Run(ctx context.Context) error {
	if err := checkFile(c.Out); err != nil {
		return err
	}
	debug.SetMemoryLimit(memoryLimit)
	d, warnings, err := format.ReadBEIR(c.Dataset, c.Split, format.Options{})
	if err != nil {
		return err
	}
	sayWarnings(c.langFlag, warnings)
	set, err := setOf(d)
	if err != nil {
		return err
	}
	e, err := c.embedder(ctx)
	if err != nil {
		return err
	}
	m, err := tune.Train(ctx, c.name(), set, e, tune.Options{Seed: c.Seed, Workers: c.Workers, Progress: c.progress()})
	if err != nil {
		return err
	}
	if err := m.Save(c.Out); err != nil {
		return ofPath(c.Out, err)
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(m.Card)
	}
	c.print(m)
	return nil
}

// memoryLimit is where the collector begins to work harder: a million labels fit.
const memoryLimit = 2560 << 20

func (c *tuneCmd) name() string {
	if c.Name != "" {
		return c.Name
	}
	base := filepath.Base(c.Out)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

func (c *tuneCmd) embedder(ctx context.Context) (embed.Embedder, error) {
	e, err := c.Embed.open(ctx)
	if e == nil && err == nil {
		return static.Builtin()
	}
	return e, err
}

// setOf takes the labelled pairs from a dataset.
func setOf(d *evaluation.Dataset) (*tune.Set, error) {
	if scale := d.Scale(); scale.Min != 1 || scale.Max != 4 {
		return nil, match.Invalidf("--split", "has other levels than 1 to 4")
	}
	set := &tune.Set{}
	for q := range int32(d.Queries()) {
		x := d.Query(q)
		set.Demands = append(set.Demands, tune.Record{ID: x.ID, Title: x.Title, Text: x.Text})
		for _, j := range d.Judgements(q) {
			set.Labels = append(set.Labels, tune.Label{Demand: q, Patent: j.Document, Level: j.Level})
		}
	}
	for i := range int32(d.Documents()) {
		x := d.Document(i)
		set.Patents = append(set.Patents, tune.Record{ID: x.ID, Title: x.Title, Text: x.Text})
	}
	return set, nil
}

// progress shows a bar for each part of the work.
func (c *tuneCmd) progress() func(tune.Stage) {
	bar := progress()
	names := map[tune.StageName]match.LocalText{
		tune.Embedding:  {ZH: "计算向量", EN: "embedding"},
		tune.Validating: {ZH: "交叉验证", EN: "cross-validating"},
		tune.Fitting:    {ZH: "训练", EN: "training"},
	}
	last := tune.StageName("")
	return func(s tune.Stage) {
		if s.Name != last {
			bar.Reset()
			bar.Describe(c.pick(names[s.Name]))
			last = s.Name
		}
		bar.ChangeMax(s.Total)
		_ = bar.Set(s.Done)
		if s.Name == tune.Fitting && s.Done == s.Total {
			_ = bar.Finish()
		}
	}
}

// print tells what was learned, and how far to trust it.
func (c *tuneCmd) print(m *tune.Model) {
	card, w := m.Card, os.Stdout
	drawn := match.LocalText{}
	if n := card.Report.Labels; n < card.Labels {
		drawn.ZH, drawn.EN = fmt.Sprintf("，抽取 %d 条标注", n), fmt.Sprintf(", on %d labels of demands drawn by chance", n)
	}
	say(w, c.langFlag,
		fmt.Sprintf("%s：%d 条标注，%d 个需求，%d 项成果\n模型 %s，向量模型 %s\n\n交叉验证（每个需求、每一折分别计算%s）\n", c.Out, card.Labels, card.Demands, card.Patents, m.Identity(), card.Embedder, drawn.ZH),
		fmt.Sprintf("%s: %s of %s and %s\nmodel %s, embedder %s\n\ncross-validated, per demand and fold%s\n", c.Out, match.Counted(card.Labels, "label"), match.Counted(card.Demands, "demand"), match.Counted(card.Patents, "patent"), m.Identity(), card.Embedder, drawn.EN))
	for _, r := range []struct {
		of *tune.Measured
		match.LocalText
	}{
		{card.Report.Seen, match.LocalText{ZH: "有标注的需求", EN: "demands with labels"}},
		{card.Report.Unseen, match.LocalText{ZH: "新需求      ", EN: "unseen demands     "}},
	} {
		if r.of == nil {
			continue
		}
		say(w, c.langFlag,
			fmt.Sprintf("  %s  nDCG@10 %.4f（零样本 %.4f，%+.4f，95%% 区间 %+.4f 至 %+.4f，p = %.4f）  官方分 %.4f（常数 %.4f）  AUC %.4f  %d 个列表\n",
				r.ZH, r.of.NDCG, r.of.ZeroShot, r.of.Gain, r.of.Low, r.of.High, r.of.P, r.of.Official, r.of.Constant, r.of.AUC, r.of.Lists),
			fmt.Sprintf("  %s  nDCG@10 %.4f (zero-shot %.4f, %+.4f, 95%% interval %+.4f to %+.4f, p = %.4f)  official %.4f (constant %.4f)  AUC %.4f  %s\n",
				r.EN, r.of.NDCG, r.of.ZeroShot, r.of.Gain, r.of.Low, r.of.High, r.of.P, r.of.Official, r.of.Constant, r.of.AUC, match.Counted(r.of.Lists, "list")))
	}
	if len(card.Report.Curve) > 0 {
		say(w, c.langFlag, "\n学习曲线（有标注的需求，一折）\n", "\nlearning curve (demands with labels, one fold)\n")
		for _, p := range card.Report.Curve {
			say(w, c.langFlag,
				fmt.Sprintf("  %7d 条标注  nDCG@10 %.4f（95%% 区间 %.4f 至 %.4f）  官方分 %.4f\n", p.Labels, p.NDCG, p.Low, p.High, p.Official),
				fmt.Sprintf("  %7d labels  nDCG@10 %.4f (95%% interval %.4f to %.4f)  official %.4f\n", p.Labels, p.NDCG, p.Low, p.High, p.Official))
		}
	}
	for _, x := range card.Report.Warnings {
		say(w, c.langFlag, "注意："+x.Text.ZH+"\n", "warning: "+x.Text.EN+"\n")
	}
}
