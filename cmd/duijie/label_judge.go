package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// labelJudgeCmd has a chat model propose levels.
type labelJudgeCmd struct {
	serviceFlags
	chatFlags
	Budget    int32    `help:"How many pairs that nobody has judged. 预判多少对尚无专家标注的。" short:"n" default:"50"`
	PerDemand int32    `help:"How many of one demand at most. 每个需求最多几对。" default:"3"`
	Check     int32    `help:"How many pairs that experts have judged, blindly, to tell how far it agrees with them. 另取多少对已有专家标注的盲判，以检验一致程度。" default:"30"`
	Sectors   []string `help:"Of demands of these sectors alone. 只取这些产业的需求。" placeholder:"CODE"`
	Seed      int64    `help:"Seed of the draw of pairs to check. 盲判抽取种子。"`
	Tenant    string   `help:"Tenant. 租户。" default:"default"`
	JSON      bool     `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

// Run judges with the model of this process, or with that of the server.
func (c *labelJudgeCmd) Run(ctx context.Context) error {
	j, err := c.judge()
	switch {
	case err != nil:
		return err
	case j != nil && c.Server != "":
		return match.Invalidf("--llm-url", "is for the folder; a server judges with the chat model that it was started with")
	case j == nil && c.Server == "":
		return match.Invalidf("--llm-url", "is missing")
	}
	return c.judging(ctx, j, func(r *remote) error {
		var begun pb.JudgeLabelsResponse
		req := &pb.JudgeLabelsRequest{Tenant: c.Tenant, Budget: c.Budget, PerDemand: c.PerDemand, Sectors: c.Sectors, Check: &c.Check, Seed: c.Seed}
		if err := r.call(ctx, "POST", "/v1/labels:judge", nil, req, &begun); err != nil {
			return err
		}
		op, err := r.followed(ctx, begun.GetOperation())
		if err != nil {
			return err
		}
		got := op.GetJudgeLabels()
		if c.JSON {
			return printJSON(os.Stdout, got)
		}
		c.print(got)
		return nil
	})
}

func (c *labelJudgeCmd) print(got *pb.JudgeLabelsResult) {
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%s：%d 对，写入 %d 条模型标注（不计作专家标注），请求 %d 次，%d 个词元。\n", got.GetRater(), got.GetPairs(), got.GetLabels(), got.GetRequests(), got.GetTokens()),
		fmt.Sprintf("%s: %s, %s of the model written (never counted as an expert's), %s, %s.\n", got.GetRater(), match.Counted(got.GetPairs(), "pair"), match.Counted(got.GetLabels(), "label"), match.Counted(got.GetRequests(), "request"), match.Counted(got.GetTokens(), "token")))
	var zh, en []string
	for _, fault := range slices.Sorted(maps.Keys(got.GetDropped())) {
		n := got.GetDropped()[fault]
		zh, en = append(zh, fmt.Sprintf("%s %d", faultWords[fault], n)), append(en, fmt.Sprintf("%s %d", fault, n))
	}
	if len(en) > 0 {
		say(os.Stdout, c.langFlag, "未采纳："+strings.Join(zh, "，")+"\n", "dropped: "+strings.Join(en, ", ")+"\n")
	}
	printAgreements(c.langFlag, got.GetAgreements())
}

// faultWords are the Chinese names of reasons.
var faultWords = map[string]string{
	"hidden": "不公开", "suspect": "文中有对模型的指令", "nonsense": "答非所问", "uncited": "引文不在原文中", "unsound": "理由不可靠", "failed": "接口失败",
}

// printAgreements is a table: the whole, then each sector.
func printAgreements(lang langFlag, list []*pb.LabelAgreement) {
	rows := [][]string{lang.headers("产业|对数|需求|相同|κ（平方加权）|95% 区间", "SECTOR|PAIRS|DEMANDS|EQUAL|KAPPA (QUADRATIC)|95 % INTERVAL")}
	number := func(v *float64) string {
		if v == nil {
			return "–"
		}
		return fmt.Sprintf("%.3f", *v)
	}
	for _, a := range list {
		sector := a.GetSector()
		if sector == "" {
			sector = lang.pick(match.LocalText{ZH: "全部", EN: "all"})
		}
		interval := "–"
		if a.KappaLow != nil {
			interval = fmt.Sprintf("[%.3f, %.3f]", a.GetKappaLow(), a.GetKappaHigh())
		}
		rows = append(rows, []string{sector, fmt.Sprint(a.GetPairs()), fmt.Sprint(a.GetDemands()), number(a.Equal), number(a.Kappa), interval})
	}
	_ = writeTable(os.Stdout, rows)
}

// labelAgreementCmd compares labels of a source with those of experts.
type labelAgreementCmd struct {
	serviceFlags
	Source  string   `help:"model or event. 来源。" enum:"model,event" default:"model"`
	Rater   string   `help:"Of this rater alone, such as llm:NAME. 只比较此标注人。" placeholder:"NAME"`
	Sectors []string `help:"Of demands of these sectors alone. 只取这些产业的需求。" placeholder:"CODE"`
	Tenant  string   `help:"Tenant. 租户。" default:"default"`
	JSON    bool     `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *labelAgreementCmd) Run(ctx context.Context) error {
	var got pb.GetLabelAgreementResponse
	query := url.Values{"tenant": {c.Tenant}, "source": {"LABEL_SOURCE_" + strings.ToUpper(c.Source)}, "rater": {c.Rater}, "sectors": c.Sectors}
	if err := c.with(ctx, func(r *remote) error { return r.call(ctx, "GET", "/v1/labels:agreement", query, nil, &got) }); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, &got)
	}
	printAgreements(c.langFlag, got.GetAgreements())
	return nil
}
