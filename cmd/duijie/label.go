package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
	"github.com/duijie/duijie/internal/vocabulary"
)

// labelCmd is what experts say of pairs: in and out.
type labelCmd struct {
	Import    labelImportCmd    `cmd:"" help:"Import judgements from files. 从文件导入标注。"`
	Set       labelSetCmd       `cmd:"" help:"Judge one pair. 标注一对。"`
	List      labelListCmd      `cmd:"" help:"List judgements. 列出标注。"`
	Withdraw  labelWithdrawCmd  `cmd:"" help:"Take a judgement back. 撤回标注。"`
	Suggest   labelSuggestCmd   `cmd:"" help:"Name the pairs whose judgement would tell most. 列出最值得标注的需求与专利。"`
	Judge     labelJudgeCmd     `cmd:"" help:"Have a chat model propose levels, with quotations, and tell how far it agrees with experts. 由大模型预判等级（须引用原文），并报告与专家的一致程度。"`
	Agreement labelAgreementCmd `cmd:"" help:"Compare labels of a model or of events with those of experts. 模型或事件标注与专家标注的一致程度。"`
	Derive    labelDeriveCmd    `cmd:"" name:"from-events" help:"Make labels of what the parties did, corrected for the rank at which hits were shown. 由行为事件推导标注（校正位次偏差）。"`
}

// labelFlags say where the labels are.
type labelFlags struct {
	dataFlags
	langFlag
	Server string `help:"Write to and read from a running server, such as http://localhost:7601, instead of the folder. 使用正在运行的服务。" placeholder:"URL"`
}

// standing is keeper to write what speaks of records that are there: it makes no folder.
func (f *labelFlags) standing(ctx context.Context) (labelKeeper, error) {
	if f.Server == "" {
		if err := f.holdsData(); err != nil {
			return nil, err
		}
	}
	return f.keeper(ctx, false)
}

// keeper opens the folder, for reading alone or for writing, or turns to the server.
func (f *labelFlags) keeper(ctx context.Context, readOnly bool) (labelKeeper, error) {
	if f.Server != "" {
		return newServerLabels(f.Server)
	}
	c, err := f.config(ctx)
	if err != nil {
		return nil, err
	}
	c.ReadOnly = readOnly
	s, err := instance.OpenStore(ctx, c)
	if errors.Is(err, sqlite.ErrLocked) {
		return nil, &match.Error{Kind: match.Conflict, Reason: "a running Duijie has the folder open; reach it with --server http://localhost:7601", Err: err}
	}
	if err != nil {
		return nil, err
	}
	return folderLabels{s}, nil
}

// labelNameFlags name one label.
type labelNameFlags struct {
	Demand string `help:"Id of the demand. 需求编号。" required:"" placeholder:"ID"`
	Patent string `help:"Number of the patent. 专利号。" required:"" placeholder:"NUMBER"`
	Source string `help:"expert, event or model. 来源。" enum:"expert,event,model" default:"expert"`
	Tenant string `help:"Tenant. 租户。" default:"default"`
}

func (f *labelNameFlags) label(rater string) match.Label {
	return match.Label{Tenant: f.Tenant, Demand: f.Demand, Patent: match.NormaliseNumber(f.Patent), Rater: rater, Source: match.LabelSource(f.Source)}
}

type labelSetCmd struct {
	labelFlags
	labelNameFlags
	Level  string `help:"By number or in words: 1 none, 2 weak, 3 rather strong, 4 strong. 等级，数字或文字：1 无关，2 弱，3 较强，4 强。" required:"" placeholder:"LEVEL"`
	Rater  string `help:"Who judges. 标注人。" required:"" placeholder:"NAME"`
	Reason string `help:"Why. 理由。" placeholder:"TEXT"`
	Time   string `help:"When, such as 2026-03-12 or 2026-03-12T08:00:00Z; by default now. 标注时间。" placeholder:"TIME"`
}

func (c *labelSetCmd) Run(ctx context.Context) error {
	l, err := c.judged()
	if err != nil {
		return err
	}
	if l.At, err = c.when(); err != nil {
		return err
	}
	if err := l.Validate(); err != nil {
		return err
	}
	k, err := c.standing(ctx)
	if err != nil {
		return err
	}
	_, missing, err := k.put(ctx, []match.Label{l})
	if err = errors.Join(err, k.Close()); err != nil {
		return err
	}
	c.said(l)
	for _, ref := range missing {
		say(os.Stderr, c.langFlag, fmt.Sprintf("注意：没有%s。\n", match.Named(ref.String()).ZH), fmt.Sprintf("Note: there is no %s.\n", ref))
	}
	return nil
}

// said tells what was stored.
func (c *labelSetCmd) said(l match.Label) {
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("已保存：需求 %s 与专利 %s，等级 %d（%s），标注人 %s。\n", l.Demand, l.Patent, l.Level, vocabulary.LevelWords(l.Level).ZH, l.Rater),
		fmt.Sprintf("Stored: demand %s and patent %s, level %d (%s), by %s.\n", l.Demand, l.Patent, l.Level, vocabulary.LevelWords(l.Level).EN, l.Rater))
}

// judged is the label but for its time. Who judges must be known: the label of a
// nameless rater could not be told from another's.
func (c *labelSetCmd) judged() (match.Label, error) {
	l := c.label(strings.TrimSpace(c.Rater))
	level, ok := vocabulary.Level(c.Level)
	if !ok {
		return l, match.Invalidf("--level", "%q is not a level: give 1 to 4, or none, weak, rather strong or strong", c.Level)
	}
	if l.Rater == "" {
		return l, match.Invalidf("--rater", "is empty")
	}
	l.Level, l.Reason = level, c.Reason
	return l, nil
}

func (c *labelSetCmd) when() (time.Time, error) {
	if c.Time == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, c.Time); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, match.Invalidf("--time", "%q is not a time such as 2026-03-12T08:00:00Z", c.Time)
}

type labelWithdrawCmd struct {
	labelFlags
	labelNameFlags
	Rater string `help:"Whose judgement; empty is the one without a rater. 标注人。" placeholder:"NAME"`
}

func (c *labelWithdrawCmd) Run(ctx context.Context) error {
	k, err := c.standing(ctx)
	if err != nil {
		return err
	}
	n, err := k.withdraw(ctx, []match.Label{c.label(c.Rater)})
	if err = errors.Join(err, k.Close()); err != nil {
		return err
	}
	if n == 0 {
		return (&match.Error{Kind: match.NotFound, Record: fmt.Sprintf("label of %s and %s", c.Demand, c.Patent)}).
			Because("there is none by rater %q of source %s", c.Rater, c.Source)
	}
	say(os.Stdout, c.langFlag, "已撤回。\n", "Withdrawn.\n")
	return nil
}

// shownMissing is how many records that are not here are named.
const shownMissing = 5

// warnMissing tells of labels whose records are not here: they may be yet to come,
// or their ids be wrong.
func warnMissing(lang langFlag, s *importSummary) {
	if s.LabelsWithoutRecords == 0 {
		return
	}
	var zh, en []string
	for _, ref := range s.missing {
		name := match.Named(ref.String())
		zh, en = append(zh, name.ZH), append(en, name.EN)
	}
	say(os.Stderr, lang,
		fmt.Sprintf("注意：%d 条标注所指的记录不在库中，例如%s。\n", s.LabelsWithoutRecords, strings.Join(zh, "、")),
		fmt.Sprintf("Note: %s of records that are not here, such as %s.\n", match.Counted(s.LabelsWithoutRecords, "label"), strings.Join(en, ", ")))
}
