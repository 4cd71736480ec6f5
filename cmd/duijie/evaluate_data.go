package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/agreement"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/split"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/match"
)

// read reads the dataset: a folder, a folder's texts with the judgements of a file,
// or a file of judgements alone.
func (c *evaluateCmd) read() (*evaluation.Dataset, format.Warnings, error) {
	info, err := os.Stat(c.Dataset)
	switch {
	case err != nil:
		return nil, nil, err
	case !info.IsDir() && c.Qrels != "":
		return nil, nil, match.Invalidf("--qrels", "goes with a folder, and --dataset is a file")
	case !info.IsDir():
		d, w, err := format.ReadPairs(c.Dataset, format.Options{})
		if err == nil {
			d.Name = filepath.Base(c.Dataset)
		}
		return d, w, err
	case c.Qrels == "":
		d, w, err := format.ReadBEIR(c.Dataset, c.Split, format.Options{})
		return d, w, c.otherSplits(err)
	}
	d, w, err := format.ReadTexts(c.Dataset, format.Options{})
	if err != nil {
		return nil, nil, err
	}
	more, err := format.ReadJudgements(c.Qrels, d, format.Options{Unknown: format.Skip})
	d.Name += "/" + filepath.Base(c.Qrels)
	return d, append(w, more...), err
}

// otherSplits names the splits that there are where the wanted one is missing.
func (c *evaluateCmd) otherSplits(err error) error {
	if names := c.splits(); errors.Is(err, fs.ErrNotExist) && len(names) > 0 && !slices.Contains(names, c.Split) {
		return (&match.Error{Kind: match.NotFound, Field: "--split"}).Because("%q is not in the dataset; there are %s", c.Split, strings.Join(names, ", "))
	}
	return err
}

// splits are the names of the qrels files of the dataset, in order.
func (c *evaluateCmd) splits() []string {
	entries, err := os.ReadDir(filepath.Join(c.Dataset, "qrels"))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(strings.TrimSuffix(e.Name(), ".gz"), ".tsv"); ok && name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkTexts refuses models that read texts where there are none: they would rank by
// chance.
func (c *evaluateCmd) checkTexts(d *evaluation.Dataset) error {
	for q := range int32(d.Queries()) {
		if query := d.Query(q); query.Title+query.Text != "" {
			return nil
		}
	}
	for _, ref := range c.Model {
		if _, ref := contender.Parse(ref); ref != "random" && !strings.HasSuffix(ref, ".trec") && !strings.HasSuffix(ref, ".trec.gz") {
			return match.Invalidf("--model", "%s needs texts, and %s has none: name a folder, and this file with --qrels", ref, c.Dataset)
		}
	}
	if len(c.Model) == 0 {
		return match.Invalidf("--model", "is needed: %s has no texts, so that only runs (FILE.trec) and random can be measured", c.Dataset)
	}
	return nil
}

// folds makes the folds that were asked for; nil for none.
func (c *evaluateCmd) folds(d *evaluation.Dataset, alike split.Similarity) (*split.Split, error) {
	if c.Folds == 0 {
		return nil, nil
	}
	var s split.Split
	var err error
	switch c.FoldBy {
	case "random":
		s, err = split.Random(d, c.Folds, c.FoldSeed)
	case "demand":
		s, err = split.ByQuery(d, c.Folds, c.FoldSeed)
	case "time":
		s, err = split.ByTime(d, c.Folds)
	default:
		s, err = split.ByGroup(d, split.Groups(d, c.Twins, alike), c.Folds, c.FoldSeed)
	}
	if err != nil {
		return nil, &match.Error{Kind: match.Invalid, Field: "--folds", Err: err}
	}
	return &s, nil
}

// leakage finds what leaks between folds, and between the split and the others of
// the folder.
func (c *evaluateCmd) leakage(d *evaluation.Dataset, folds *split.Split, alike split.Similarity) ([]evaluation.Leakage, error) {
	var out []evaluation.Leakage
	if folds != nil {
		out = append(out, split.Report(d, *folds, c.Twins, alike))
	}
	if c.Qrels != "" {
		return out, nil
	}
	for _, name := range c.splits() {
		if name == c.Split {
			continue
		}
		other := d.Select(func(int32, int) bool { return false })
		if _, err := format.ReadQrels(filepath.Join(c.Dataset, "qrels", name+".tsv"), other, format.Options{Unknown: format.Skip}); err != nil {
			return nil, err
		}
		out = append(out, split.Across([]*evaluation.Dataset{d, other}, []string{c.Split, name}, c.Twins, alike))
	}
	return out, nil
}

// warnLeakage says on the terminal what leaks, and with --leakage which queries are
// twins.
func (c *evaluateCmd) warnLeakage(d *evaluation.Dataset, all []evaluation.Leakage) {
	for _, l := range all {
		parts := l.Between
		if parts == "folds" {
			parts = "各折"
		}
		if l.Any() {
			say(os.Stderr, c.langFlag,
				fmt.Sprintf("注意：数据有泄漏（%s）：跨多部分的需求 %d，重复的需求标题 %d、配对 %d，近似需求 %d 对；训练用过的部分会让成绩偏高。\n", parts, l.Queries, l.RepeatedQueryTitles, l.RepeatedPairs, len(l.Twins)),
				fmt.Sprintf("Note: %s leak: demands in several parts %d, repeated titles of demands %d, repeated pairs %d, near twins %d; what was trained on one looks too good on another.\n", l.Between, l.Queries, l.RepeatedQueryTitles, l.RepeatedPairs, len(l.Twins)))
		}
		if !c.Leakage {
			continue
		}
		say(os.Stderr, c.langFlag,
			fmt.Sprintf("数据泄漏（%s）：跨多部分的文档标题 %d 个，近似需求 %d 对\n", parts, l.RepeatedDocumentTitles, len(l.Twins)),
			fmt.Sprintf("%s: titles of documents in several parts %d; near twins %d\n", l.Between, l.RepeatedDocumentTitles, len(l.Twins)))
		for _, t := range l.Twins {
			fmt.Fprintf(os.Stderr, "  %.3f  %s  %s\n  %s\n", t.Similarity, d.Query(t.A).ID, d.Query(t.B).ID, clip(d.Query(t.A).Title, 60))
		}
	}
}

// agreement is that of the raters of a file, by default the dataset's labels.csv;
// nil where that has but one.
func (c *evaluateCmd) agreement(d *evaluation.Dataset) (*evaluation.Agreement, error) {
	path := c.Raters
	if path == "" {
		path = filepath.Join(c.Dataset, "labels.csv")
		if _, err := os.Stat(path); err != nil {
			return nil, nil
		}
	}
	labels, _, err := format.ReadLabels(path, d.Scale())
	if err != nil {
		return nil, err
	}
	var table agreement.Table
	for _, l := range format.Latest(labels) {
		table.Add(l.Rater, l.Query+"\x00"+l.Document, l.Level)
	}
	out := table.Agreement(d.Scale())
	if c.Raters == "" && out.Pairs == 0 {
		return nil, nil
	}
	return &out, nil
}
