package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/store"
)

// datasetFlags choose what goes into a dataset for evaluate.
type datasetFlags struct {
	Dataset string   `help:"Write a dataset for evaluate: queries.jsonl, corpus.jsonl, qrels/SPLIT.tsv and labels.csv, without what is confidential. 写出可供 evaluate 使用的数据集（不含保密字段）。" type:"path" placeholder:"DIR"`
	Split   string   `help:"Name of the dataset's qrels file. 数据集的划分名称。" default:"test" placeholder:"NAME"`
	Test    float64  `help:"Write qrels/train.tsv and qrels/test.tsv in the place of one file, so many of the labelled demands into test, near twins together. 另按需求划分为 train 与 test（相近的需求同进同出）：test 所占比例。" name:"test-share" placeholder:"0..1"`
	Seed    uint64   `help:"Seed of that draw. 划分的随机种子。" name:"split-seed" default:"1"`
	Frozen  bool     `help:"Have what frozen datasets measure by in every split. By default its demands are in the split test alone, so that nobody learns from them. 冻结评测集的需求也写入各个划分；默认只写入 test，以免被用于训练。" name:"with-frozen"`
	Source  []string `help:"Sources of the dataset's labels: expert, event, model; expert by default. 数据集采用的标注来源。" enum:"expert,event,model" default:"expert" placeholder:"SOURCE"`
	Tenant  string   `help:"Tenant of the dataset. 数据集的租户。" default:"default"`
}

// defaultSplit is that of --split, and what is measured by.
const defaultSplit = "test"

// datasetSummary says what a dataset holds, and what was left out and why.
type datasetSummary struct {
	Demands, Patents int
	Pairs            int // in the qrels
	Disputed         int // of them, those that raters judged differently
	Labels, Raters   int // in labels.csv

	Private int // records that are for their owner alone
	Secret  int // demands whose title and text are both confidential
	Others  int // labels of another source than was asked for
	Stray   int // labels of records that are not in the dataset

	FrozenDemands, FrozenPairs int // that frozen datasets measure by, and the pairs of these demands
}

// dataset writes a dataset of what is in the folder, beside a server that may have it
// open.
func (f *datasetFlags) dataset(ctx context.Context, config instance.Config, lang langFlag) error {
	if f.Test != 0 && !(f.Test > 0 && f.Test < 1) {
		return match.Invalidf("--test-share", "%g is not above 0 and below 1", f.Test)
	}
	if f.Test != 0 && f.Split != defaultSplit {
		return match.Invalidf("--split", "cannot be used with --test-share, which writes train and test")
	}
	if f.Split == "" || strings.ContainsAny(f.Split, `/\:*?"<>|`) {
		return match.Invalidf("--split", "%q cannot be part of a file's name", f.Split)
	}
	config.ReadOnly = true
	s, err := instance.OpenStore(ctx, config)
	if err != nil {
		return err
	}
	defer s.Close()
	w := datasetWriter{store: s, flags: f, demands: map[string]bool{}, patents: map[string]bool{}}
	if w.frozen, err = f.frozen(ctx, s); err != nil {
		return err
	}
	if err := w.write(ctx); err != nil {
		return err
	}
	w.summary.print(lang, f.Dataset)
	f.sayFrozen(lang, w.summary)
	return nil
}

// frozen are the demands that frozen datasets measure by and that need keeping apart.
func (f *datasetFlags) frozen(ctx context.Context, s store.Store) (map[string]bool, error) {
	demands := map[string]bool{}
	if f.Frozen {
		return demands, nil
	}
	pairs, err := registry.FrozenIn(ctx, s, f.Tenant)
	for pair := range pairs {
		demands[pair[0]] = true
	}
	return demands, err
}

// sayFrozen tells where the pairs are that frozen datasets measure by.
func (f *datasetFlags) sayFrozen(lang langFlag, s datasetSummary) {
	if s.FrozenPairs == 0 {
		return
	}
	zh, en := "未写入", "Left out"
	switch {
	case f.Test != 0:
		zh, en = "归入 test，不进入 train", "In test and not in train"
	case f.Split == defaultSplit:
		zh, en = "用于评测，请勿用于训练", "To measure by and not to learn from"
	}
	say(os.Stderr, lang,
		fmt.Sprintf("%s：冻结评测集所含的 %d 个需求的 %d 个配对（--with-frozen 不作区分）。\n", zh, s.FrozenDemands, s.FrozenPairs),
		fmt.Sprintf("%s: %s of %s that frozen datasets measure by (--with-frozen treats them as any).\n", en, match.Counted(s.FrozenPairs, "pair"), match.Counted(s.FrozenDemands, "demand")))
}

func (s *datasetSummary) print(lang langFlag, dir string) {
	say(os.Stderr, lang,
		fmt.Sprintf("%s：需求 %d，专利 %d，配对 %d（其中 %d 对标注者意见不一），标注 %d 条、标注人 %d 位。\n", dir, s.Demands, s.Patents, s.Pairs, s.Disputed, s.Labels, s.Raters),
		fmt.Sprintf("%s: %s, %s, %s (raters differ on %d), %s of %s.\n", dir, match.Counted(s.Demands, "demand"), match.Counted(s.Patents, "patent"), match.Counted(s.Pairs, "pair"), s.Disputed, match.Counted(s.Labels, "label"), match.Counted(s.Raters, "rater")))
	for _, out := range []struct {
		n            int
		zh, noun, en string
	}{
		{s.Private, "仅所有者可见的记录", "record", "for the owner alone"},
		{s.Secret, "标题和正文均保密的需求", "demand", "with title and text both confidential"},
		{s.Others, "其他来源的标注", "label", "of other sources"},
		{s.Stray, "所指记录不在数据集中的标注", "label", "of records that are not in the dataset"},
	} {
		if out.n > 0 {
			say(os.Stderr, lang, fmt.Sprintf("未写入：%s %d。\n", out.zh, out.n), fmt.Sprintf("Left out: %s %s.\n", match.Counted(out.n, out.noun), out.en))
		}
	}
}

// datasetWriter writes the files of a dataset.
type datasetWriter struct {
	store store.Store
	flags *datasetFlags
	// The records that are in the dataset: labels of others are left out. A demand's
	// value tells whether it keeps something back.
	demands, patents map[string]bool
	// frozen are the demands that nobody is to learn from.
	frozen map[string]bool
	// test are the demands of the test split, nil before they are drawn.
	test    map[string]bool
	summary datasetSummary
}

// write writes all files or none: they get their names when the last is complete, and
// folders that were made for them go again where one cannot be written.
func (w *datasetWriter) write(ctx context.Context) (err error) {
	dir := w.flags.Dataset
	for _, folder := range []string{dir, filepath.Join(dir, "qrels")} {
		if _, missing := os.Stat(folder); missing != nil {
			defer func() {
				if err != nil {
					os.Remove(folder) // which fails where something else is in it
				}
			}()
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "qrels"), 0o700); err != nil {
		return err
	}
	files, err := w.files(ctx)
	for _, f := range files {
		if err != nil {
			f.abandon()
		} else {
			err = f.commit()
		}
	}
	return err
}

// datasetFile is one of the files, and what writes it.
type datasetFile struct {
	name  string
	write func(context.Context, io.Writer) error
}

// files are the files of the dataset, complete but not yet under their names; with an
// error, those that were begun. The records come before the labels, which need to know
// them.
func (w *datasetWriter) files(ctx context.Context) ([]*newFile, error) {
	var out []*newFile
	files := []datasetFile{
		{"queries.jsonl", w.queries},
		{"corpus.jsonl", w.corpus},
		{filepath.Join("qrels", w.flags.Split+".tsv"), w.qrels},
		{"labels.csv", w.labels},
	}
	if w.flags.Test != 0 {
		files = slices.Replace(files, 2, 3, datasetFile{"qrels/train.tsv", w.trainQrels}, datasetFile{"qrels/test.tsv", w.testQrels})
	}
	for _, file := range files {
		f, err := createFile(filepath.Join(w.flags.Dataset, file.name))
		if err != nil {
			return out, err
		}
		out = append(out, f)
		if err := file.write(ctx, f); err != nil {
			return out, err
		}
	}
	return out, nil
}
