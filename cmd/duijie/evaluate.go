package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/report"
	"github.com/duijie/duijie/evaluation/split"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/match"
)

type evaluateCmd struct {
	langFlag
	Dataset    string   `help:"Folder in BEIR layout: queries.jsonl, corpus.jsonl, qrels/SPLIT.tsv. 数据集目录。" required:"" type:"existingdir" placeholder:"DIR"`
	Split      string   `help:"Name of the qrels file. 划分。" default:"test" placeholder:"NAME"`
	Model      []string `help:"NAME=REF or REF: random, bm25, static, openai, hybrid, FILE.trec; the first is the baseline. 模型。" placeholder:"REF" sep:"none"`
	Out        string   `help:"Folder for metrics.json, report.html and the runs. 输出目录。" type:"path" placeholder:"DIR"`
	Candidates string   `help:"judged, all, or auto: judged where the qrels have pairs of level 1. 候选范围。" enum:"auto,judged,all" default:"auto"`
	Relevant   int      `help:"Level from which a document counts as relevant. 视为相关的最低等级。" default:"3"`
	Ties       string   `help:"trec: as trec_eval orders them; rank: by our own ranks. 并列处理。" enum:"trec,rank" default:"trec"`
	Samples    int      `help:"Bootstrap samples. 自助法抽样次数。" default:"1000"`
	Seed       uint64   `help:"Seed of all that is random. 随机种子。" default:"1"`
	Twins      float64  `help:"Queries whose bigram cosine reaches this are resampled together. 近重复需求阈值。" default:"0.95"`
	AllPairs   bool     `help:"Compare every pair of models, not only each with the first. 两两比较。"`
	JSON       bool     `help:"Print metrics.json. 输出 JSON。" name:"json"`

	Baseline    string   `help:"Name of the model to beat; the gate's exit code is 0 or 3. 基线。" placeholder:"NAME"`
	Candidate   string   `help:"Name of the model that wants to replace it. 候选模型。" placeholder:"NAME"`
	Require     []string `help:"Such as \"ndcg@10 +0.01 p<0.05\". 要求。" sep:"none" placeholder:"RULE"`
	NonInferior []string `help:"Such as sector:0.02. 不劣于。" placeholder:"RULE"`
	Override    []string `help:"CHECK|WHO|WHY lets an undecided check pass, and is recorded. 人工放行。" sep:"none" placeholder:"NOTE"`

	Embed embedFlags `embed:""`
}

func (c *evaluateCmd) Run(ctx context.Context) error {
	rules, err := c.rules()
	if err != nil {
		return err
	}
	d, warnings, err := format.ReadBEIR(c.Dataset, c.Split, format.Options{})
	if err != nil {
		return err
	}
	models, more, err := c.models(ctx, d)
	if err != nil {
		return err
	}
	warnings = append(warnings, more...)
	for _, w := range warnings {
		fmt.Fprintln(os.Stderr, w)
	}
	o := c.options(d)
	if rules != nil {
		o.Compare = rules.Metrics()
	}
	result, err := evaluation.Evaluate(d, models, o)
	if err != nil {
		return err
	}
	var decision *gate.Decision
	if rules != nil {
		made, err := gate.Decide(result, c.Baseline, c.Candidate, *rules)
		if err != nil {
			return err
		}
		decision = &made
	}
	err = c.write(result, report.Options{
		Title: filepath.Base(c.Dataset) + " · " + c.Split, Command: strings.Join(os.Args, " "), Time: time.Now(),
		Baseline: c.Baseline, Dataset: d, Models: models, Warnings: warnings, Gate: decision,
	})
	if err != nil {
		return err
	}
	if decision != nil && decision.Verdict != statistic.Pass {
		return exitError{exitGate}
	}
	return nil
}

// models makes the runs, or reads them.
func (c *evaluateCmd) models(ctx context.Context, d *evaluation.Dataset) ([]evaluation.Model, format.Warnings, error) {
	refs := c.Model
	if len(refs) == 0 {
		refs = []string{"random", "bm25", "static", "hybrid"}
	}
	bar := progress()
	o := contender.Options{Candidates: c.candidates(), Seed: c.Seed, Workers: 2, Remote: c.Embed.open,
		Progress: func(done, total int) { bar.ChangeMax(total); _ = bar.Set(done) }}
	if c.candidates() == evaluation.CandidatesAll {
		o.Depth = runDepth
	}
	var models []evaluation.Model
	var warnings format.Warnings
	for _, ref := range refs {
		m, w, err := contender.Open(ctx, d, ref, o)
		if err != nil {
			return nil, nil, err
		}
		models, warnings = append(models, m), append(warnings, w...)
	}
	_ = bar.Finish()
	return models, warnings, nil
}

// runDepth is the number of hits that a run keeps for each query of a whole corpus.
const runDepth = 1000

func (c *evaluateCmd) candidates() evaluation.Candidates {
	switch c.Candidates {
	case "judged":
		return evaluation.CandidatesJudged
	case "all":
		return evaluation.CandidatesAll
	}
	return evaluation.CandidatesAuto
}

func (c *evaluateCmd) options(d *evaluation.Dataset) evaluation.Options {
	o := evaluation.Options{
		Relevant: c.Relevant, Candidates: c.candidates(), Samples: c.Samples, Seed: c.Seed, AllPairs: c.AllPairs,
		Clusters: split.Groups(d, c.Twins, split.BigramCosine(d)),
		Slices:   []evaluation.Slice{evaluation.ByAttribute(d, "sector"), evaluation.ByAttribute(d, "region"), evaluation.ByLength(d), evaluation.ByLabels(d)},
	}
	if c.Ties == "rank" {
		o.Ties = evaluation.TiesRank
	}
	return o
}

// rules are those of the gate; nil is no gate.
func (c *evaluateCmd) rules() (*gate.Rules, error) {
	if len(c.Require)+len(c.NonInferior) == 0 {
		return nil, nil
	}
	if c.Baseline == "" || c.Candidate == "" {
		return nil, match.Invalidf("--require", "needs --baseline and --candidate")
	}
	rules := &gate.Rules{}
	for _, s := range c.Require {
		rule, err := gate.ParseRequirement(s)
		if err != nil {
			return nil, err
		}
		rules.Require = append(rules.Require, rule)
	}
	for _, s := range c.NonInferior {
		rule, err := gate.ParseNonInferiority(s)
		if err != nil {
			return nil, err
		}
		rules.NonInferior = append(rules.NonInferior, rule)
	}
	for _, s := range c.Override {
		parts := strings.SplitN(s, "|", 3)
		if len(parts) != 3 {
			return nil, match.Invalidf("--override", fmt.Sprintf("%q is not of the form CHECK|WHO|WHY", s))
		}
		rules.Overrides = append(rules.Overrides, gate.Override{Check: parts[0], By: parts[1], Reason: parts[2]})
	}
	return rules, nil
}

// write prints the summary, and writes the files where a folder is named.
func (c *evaluateCmd) write(r *evaluation.Result, o report.Options) error {
	if c.Out != "" {
		if err := c.writeFiles(r, o); err != nil {
			return err
		}
	}
	if c.JSON {
		return r.WriteJSON(os.Stdout)
	}
	o.Language = report.English
	if c.chinese() {
		o.Language = report.Chinese
	}
	return report.Text(os.Stdout, r, o)
}
