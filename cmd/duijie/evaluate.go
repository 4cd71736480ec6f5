package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	"github.com/duijie/duijie/internal/retrieve"
)

type evaluateCmd struct {
	langFlag
	Dataset string `help:"Folder in BEIR layout (queries.jsonl, corpus.jsonl, qrels/SPLIT.tsv), as export --dataset writes it; or a file of judgements alone, to measure runs. 数据集目录，或仅含标注的文件。" required:"" xor:"what" type:"path" placeholder:"DIR"`

	Faithfulness string `help:"Measure whether explanations tell what carries the scores: a data folder, or sample. 解释忠实度：数据目录，或 sample（内置样例）。" required:"" xor:"what" placeholder:"DIR"`
	Demands      int    `help:"With --faithfulness: how many demands, in the order of their ids. 与 --faithfulness 同用：需求数量。" default:"200" placeholder:"N"`

	Qrels      string   `help:"Judgements in the place of qrels/SPLIT.tsv: qrels of TREC or BEIR, labelled pairs as CSV, or labels as export writes them; also with gzip. 标注文件。" type:"path" placeholder:"FILE"`
	Split      string   `help:"Name of the qrels file. 划分。" default:"test" placeholder:"NAME"`
	Model      []string `help:"NAME=REF or REF: random, bm25, bm25=candidates, static, onnx, onnx=DIR, openai, hybrid, reranked (hybrid, and a chat model on the first 20), FILE.trec, FILE.duijie; the first is the baseline unless --baseline names another. 模型；未用 --baseline 指定时以第一个为基线。" placeholder:"REF" sep:"none"`
	Out        string   `help:"Folder for metrics.json, report.html and the runs. 输出目录。" type:"path" placeholder:"DIR"`
	Candidates string   `help:"judged, all, or auto: judged where the qrels have pairs of level 1. 候选范围。" enum:"auto,judged,all" default:"auto"`
	Relevant   int      `help:"Level from which a document counts as relevant. 视为相关的最低等级。" default:"3"`
	Ties       string   `help:"trec: as trec_eval orders them; rank: by our own ranks. 并列处理。" enum:"trec,rank" default:"trec"`
	Samples    int      `help:"Bootstrap samples. 自助法抽样次数。" default:"1000"`
	Seed       uint64   `help:"Seed of all that is random. 随机种子。" default:"1"`
	Twins      float64  `help:"Queries whose bigram cosine reaches this are resampled together. 近重复需求阈值。" default:"0.95"`
	AllPairs   bool     `help:"Compare every pair of models, not only each with the baseline. 两两比较，而不只与基线比较。"`
	Slice      []string `help:"Look at the demands by this attribute: sector, region, industry, enterprise_kind, ipc, length, labels or another of the dataset; by default at all of these. 切片。" placeholder:"NAME"`
	Raters     string   `help:"Labels with their raters, as CSV or JSONL, for how far they agree; by default the dataset's labels.csv. 含标注人的标注文件，用于计算一致性。" type:"path" placeholder:"FILE"`
	Leakage    bool     `help:"List the near twins between folds, and between this split and the others. 列出各折、各划分之间的近似需求。"`
	Worth      int      `help:"Write so many unjudged pairs to OUT/worth.csv, the most telling first, for label import to take back. 输出最值得标注的配对。" placeholder:"N"`
	JSON       bool     `help:"Print metrics.json. 输出 JSON。" name:"json"`

	Folds    int    `help:"Measure so many folds each by itself, too; OUT/folds.tsv says which pair is in which. 折数。" placeholder:"N"`
	FoldBy   string `help:"What stays in one fold: pairs at random, all of a demand, all of near twins, or of a time. 分折方式。" enum:"random,demand,twins,time" default:"twins"`
	FoldSeed uint64 `help:"Seed of the folds. 分折的随机种子。" default:"1"`

	Baseline    string   `help:"Name of the model that the others are compared with, by default the first; with --require the one to beat, where the exit code is 0 or 3. 基线：其余模型与之比较；与 --require 同用时为须胜过的模型。" placeholder:"NAME"`
	Candidate   string   `help:"Name of the model that wants to replace it. 候选模型。" placeholder:"NAME"`
	Require     []string `help:"Such as \"ndcg@10 +0.01 p<0.05\". 要求。" sep:"none" placeholder:"RULE"`
	NonInferior []string `help:"Such as sector:0.02. 不劣于。" placeholder:"RULE"`
	Override    []string `help:"CHECK|WHO|WHY lets an undecided check pass, and is recorded. 人工放行。" sep:"none" placeholder:"NOTE"`

	Embed embedFlags  `embed:""`
	LLM   chatFlags   `embed:"" group:"Chat model 大模型"`
	How   rerankFlags `embed:"" group:"Chat model 大模型"`
}

func (c *evaluateCmd) Run(ctx context.Context) error {
	if c.Faithfulness != "" {
		return c.faithfulness(ctx)
	}
	rules, err := c.rules()
	if err != nil {
		return err
	}
	if err := c.checkModels(); err != nil {
		return err
	}
	if c.Out != "" {
		if err := checkFolder(c.Out); err != nil {
			return err
		}
	}
	d, warnings, err := c.read()
	if err != nil {
		return err
	}
	twins, err := split.TwinsContext(ctx, d, c.Twins, split.BigramCosine(d))
	if err != nil {
		return err
	}
	alike := split.Only(twins)
	o, err := c.options(d, rules, alike)
	if err != nil {
		return err
	}
	models, more, err := c.models(ctx, d)
	if err != nil {
		return err
	}
	warnings = append(warnings, more...)
	sayWarnings(c.langFlag, warnings)
	result, err := c.measure(ctx, d, models, o, alike)
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
		Slices: c.Slice,
	})
	if err != nil {
		return err
	}
	if decision != nil && decision.Verdict != statistic.Pass {
		return exitError{exitGate}
	}
	return nil
}

// sayWarnings says on the terminal what was repaired or is in doubt.
func sayWarnings(lang langFlag, warnings format.Warnings) {
	for _, w := range warnings {
		zh := report.InChinese(string(w.Kind))
		if strings.HasPrefix(zh, "个") { // it goes on with what is counted
			zh = fmt.Sprintf("%s：有 %d %s\n", w.Where(), w.Count, zh)
		} else {
			zh = fmt.Sprintf("%s：%s（共 %d 处）\n", w.Where(), zh, w.Count)
		}
		say(os.Stderr, lang, zh, w.String()+"\n")
	}
}

// measure evaluates, and adds what is known of the data besides.
func (c *evaluateCmd) measure(ctx context.Context, d *evaluation.Dataset, models []evaluation.Model, o evaluation.Options, alike split.Similarity) (*evaluation.Result, error) {
	folds, err := c.folds(d, alike)
	if err != nil {
		return nil, err
	}
	if folds != nil {
		o.Folds = folds.Folding()
	}
	leakage, err := c.leakage(d, folds, alike)
	if err != nil {
		return nil, err
	}
	agreement, err := c.agreement(d)
	if err != nil {
		return nil, err
	}
	result, err := evaluation.EvaluateContext(ctx, d, models, o)
	if err != nil {
		return nil, err
	}
	result.Leakage, result.Agreement = leakage, agreement
	c.warnLeakage(d, leakage)
	if c.Worth > 0 && result.Options.Candidates == evaluation.CandidatesJudged {
		result.Worth, err = c.worth(ctx, d, models, o)
	}
	return result, err
}

// models makes the runs, or reads them.
func (c *evaluateCmd) models(ctx context.Context, d *evaluation.Dataset) ([]evaluation.Model, format.Warnings, error) {
	if err := c.checkTexts(d); err != nil {
		return nil, nil, err
	}
	depth := 0
	if c.candidates() == evaluation.CandidatesAll {
		depth = runDepth
	}
	return c.ranked(ctx, d, c.candidates(), depth)
}

// ranked makes the runs over candidates; depth is how many hits are kept, 0 for all.
func (c *evaluateCmd) ranked(ctx context.Context, d *evaluation.Dataset, candidates evaluation.Candidates, depth int) ([]evaluation.Model, format.Warnings, error) {
	bar := progress()
	o := contender.Options{Candidates: candidates, Depth: depth, Seed: c.Seed, Workers: 2, Remote: c.Embed.openOpenai, Onnx: c.Embed.openOnnx, Rerank: c.rerank(),
		Progress: func(done, total int) { bar.ChangeMax(total); _ = bar.Set(done) }}
	var models []evaluation.Model
	var warnings format.Warnings
	for _, ref := range c.refs() {
		m, w, err := contender.Open(ctx, d, ref, o)
		if err != nil {
			return nil, nil, err
		}
		models, warnings = append(models, m), append(warnings, w...)
	}
	_ = bar.Finish()
	return models, warnings, nil
}

// rerank makes the chat model that re-ranks; nil where none is named.
func (c *evaluateCmd) rerank() func() (retrieve.Reranker, error) {
	if c.LLM.LLMURL == "" {
		return nil
	}
	return func() (retrieve.Reranker, error) {
		client, err := c.LLM.client(true)
		if err != nil {
			return nil, err
		}
		return c.LLM.reranker(client, c.How)
	}
}

// refs are the models, of which the first is the one that others are compared with.
func (c *evaluateCmd) refs() []string {
	refs := c.Model
	if len(refs) == 0 {
		refs = []string{"random", "bm25", "static", "hybrid"}
	}
	first := slices.IndexFunc(refs, func(ref string) bool { name, _ := contender.Parse(ref); return name == c.Baseline })
	if first <= 0 {
		return refs
	}
	return slices.Concat(refs[first:first+1], refs[:first], refs[first+1:])
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

func (c *evaluateCmd) options(d *evaluation.Dataset, rules *gate.Rules, alike split.Similarity) (evaluation.Options, error) {
	found, err := c.slices(d, rules)
	if err != nil {
		return evaluation.Options{}, err
	}
	o := evaluation.Options{
		Relevant: c.Relevant, Candidates: c.candidates(), Samples: c.Samples, Seed: c.Seed, AllPairs: c.AllPairs,
		Clusters: split.Groups(d, c.Twins, alike), Slices: found,
		Pool: evaluation.Pool{Depth: worthDepth, Size: c.Worth},
	}
	if c.Ties == "rank" {
		o.Ties = evaluation.TiesRank
	}
	if rules != nil {
		o.Compare = rules.Metrics()
	}
	return o, c.checkOptions(d, o, rules)
}

// rules are those of the gate; nil is no gate.
func (c *evaluateCmd) rules() (*gate.Rules, error) {
	if c.Worth > 0 && c.Out == "" {
		return nil, match.Invalidf("--worth", "needs --out, where worth.csv is written")
	}
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
			return nil, match.Invalidf("--require", "%q is not of the form METRIC +GAIN p<ALPHA (one of both is enough), METRIC >=BOUND or METRIC <=BOUND, such as ndcg@10 +0.01 p<0.05", s)
		}
		rules.Require = append(rules.Require, rule)
	}
	for _, s := range c.NonInferior {
		rule, err := gate.ParseNonInferiority(s)
		if err != nil {
			return nil, match.Invalidf("--non-inferior", "%q is not of the form ATTRIBUTE:MARGIN or ATTRIBUTE/METRIC:MARGIN, such as sector:0.02", s)
		}
		rules.NonInferior = append(rules.NonInferior, rule)
	}
	for _, s := range c.Override {
		parts := strings.SplitN(s, "|", 3)
		if len(parts) != 3 || strings.TrimSpace(parts[1]) == "" || strings.TrimSpace(parts[2]) == "" {
			return nil, match.Invalidf("--override", "%q is not of the form CHECK|WHO|WHY", s)
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
		defer c.sayFiles(len(r.Worth))
	}
	if c.JSON {
		return r.WriteJSON(os.Stdout)
	}
	o.Language, o.Width = report.English, width(os.Stdout)
	if c.chinese() {
		o.Language = report.Chinese
	}
	if err := report.Text(os.Stdout, r, o); err != nil {
		return err
	}
	if refs := c.refs(); len(refs) > 2 && !c.AllPairs {
		first, _ := contender.Parse(refs[0])
		say(os.Stderr, c.langFlag,
			fmt.Sprintf("以上均与 %s 比较；--baseline 可换基线，--all-pairs 两两比较。\n", first),
			fmt.Sprintf("Each model is compared with %s: --baseline names another one, --all-pairs compares every two.\n", first))
	}
	return nil
}
