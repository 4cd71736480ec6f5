package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

// whyNotCmd asks about the answer that match gives with the same flags.
type whyNotCmd struct {
	dataFlags
	langFlag
	filterFlags `group:"Filters 筛选"`

	Demand string `help:"Id of the demand. 需求编号。" required:"" placeholder:"ID"`
	Patent string `help:"Number of the patent. 专利号。" required:"" placeholder:"NUMBER"`
	Missed string `help:"Which of the two is missed: the patent in the answer to the demand, or the demand in that to the patent. 缺的是哪一方。" enum:"patent,demand" default:"patent"`

	Model string `help:"Ranker wanted, as for match. 指定排序模型。" placeholder:"ALIAS"`
	Party string `help:"Who asks, as for match. 询问方。" placeholder:"NAME"`
	Order string `help:"What hits are ordered by: forward, reverse or mutual. 排序依据：需求侧、专利侧或双向。" enum:"forward,reverse,mutual" default:"forward"`
	Limit int    `help:"Number of hits. 结果数量。" short:"n" default:"10"`
	JSON  bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *whyNotCmd) Run(ctx context.Context) error {
	req, id, err := c.request()
	if err != nil {
		return err
	}
	in, err := c.openToAsk(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	got, err := in.Engine.WhyNot(ctx, req, id)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(os.Stdout, wire.ToWhyNot(got))
	} else {
		err = printWhyNot(os.Stdout, got, c.langFlag)
	}
	if err == nil && got.Stage == match.UnknownRecord {
		return exitError{exitFailed} // as for any record that is not there
	}
	return err
}

// request is that of match, and the id of the record that is missed in its answer.
func (c *whyNotCmd) request() (req match.Request, missed string, err error) {
	req = match.Request{
		ID: "cli", Tenant: match.DefaultTenant, Limit: c.Limit, Model: vocabulary.Alias(c.Model), Party: c.Party, Order: match.Order(c.Order),
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: c.Demand},
	}
	missed = c.Patent
	if match.Kind(c.Missed) == match.DemandKind {
		req.From.Kind, req.From.ID, missed = match.PatentKind, c.Patent, c.Demand
	}
	req.Filter, err = c.checked(req.From.Kind.Other())
	return req, missed, err
}

// printWhyNot writes it for people.
func printWhyNot(w io.Writer, x *match.WhyNot, lang langFlag) error {
	var b strings.Builder
	for _, d := range x.Degraded {
		b.WriteString(lang.pick(match.LocalText{ZH: "注意：部分功能不可用：", EN: "Note: not everything took part: "}) + d + "\n")
	}
	b.WriteString(lang.pick(x.Reason) + "\n")
	for _, c := range x.Conditions {
		fmt.Fprintf(&b, lang.pick(match.LocalText{ZH: "  要求%s，实为%s\n", EN: "  required is %s, it has %s\n"}), lang.pick(c.Required), lang.pick(c.Found))
	}
	if len(x.Nominations) > 0 {
		fmt.Fprintf(&b, "  %s %6s %9s %9s\n", pad("", 17), lang.pick(match.LocalText{ZH: "名次", EN: "rank"}), lang.pick(match.LocalText{ZH: "得分", EN: "score"}), lang.pick(match.LocalText{ZH: "入围线", EN: "cut-off"}))
	}
	for _, n := range x.Nominations {
		place := fmt.Sprint(n.Rank)
		if n.Rank == 0 {
			place = fmt.Sprintf(">%d", n.Looked)
		}
		fmt.Fprintf(&b, "  %s %6s %9.4f %9.4f\n", pad(lang.pick(n.Leg.Words()), 17), place, n.Score, n.Cutoff)
	}
	if x.Score != nil {
		writeFit(&b, x.Score, lang)
	}
	writeShortfall(&b, x.Shortfall, x.Stage, lang)
	if x.Remedy != (match.LocalText{}) {
		b.WriteString(lang.pick(match.LocalText{ZH: "如何进入结果：", EN: "What would bring it in: "}) + lang.pick(x.Remedy) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeShortfall(b *strings.Builder, s *match.Shortfall, stage match.WhyNotStage, lang langFlag) {
	if s == nil || stage == match.InAnswer {
		return
	}
	zh, en := "  所示末位 %s：得分 %.3f，logit 高 %.3f\n", "  the last hit shown, %s: score %.3f, its logit is larger by %.3f\n"
	if s.Gap < 0 {
		zh, en = "  所示末位 %s：得分 %.3f，logit 低 %.3f\n", "  the last hit shown, %s: score %.3f, its logit is smaller by %.3f\n"
	}
	fmt.Fprintf(b, lang.pick(match.LocalText{ZH: zh, EN: en}), s.LastID, s.LastValue, math.Abs(s.Gap))
	for _, d := range s.Behind {
		fmt.Fprintf(b, lang.pick(match.LocalText{ZH: "    %s：末位 %.3f，它 %.3f，落后 %.3f\n", EN: "    %s: last %.3f, its own %.3f, behind by %.3f\n"}), lang.pick(d.Leg.Words()), d.Last, d.Own, d.Difference)
	}
}
