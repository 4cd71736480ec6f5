package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

type poolCmd struct {
	dataFlags
	langFlag
	filterFlags `group:"Filters 筛选"`

	Demand     string `help:"Id of a stored demand. 需求编号。" xor:"query" required:"" placeholder:"ID"`
	Text       string `help:"Text of a demand; - reads standard input. 直接输入需求文字。" xor:"query" required:"" placeholder:"TEXT"`
	Title      string `help:"Title of the text. 文字的标题。"`
	Model      string `help:"Ranker wanted, as for match. 指定排序模型。" placeholder:"ALIAS"`
	MaxPatents int    `help:"Largest number of patents, 1 to 10. 组合的专利数量上限。" short:"n" default:"5" placeholder:"N"`
	JSON       bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *poolCmd) Run(ctx context.Context) error {
	req := match.PoolRequest{
		ID: "cli", Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: c.Demand},
		MaxPatents: c.MaxPatents, Model: vocabulary.Alias(c.Model),
	}
	if c.MaxPatents < 1 || c.MaxPatents > match.MaxPool {
		return match.Invalidf("--max-patents", "%d is not in 1 to %d", c.MaxPatents, match.MaxPool)
	}
	if c.Demand == "" {
		body := c.Text
		if body == "-" {
			raw, err := io.ReadAll(os.Stdin)
			if err != nil {
				return err
			}
			body = strings.TrimSpace(string(raw))
		}
		req.Texts = match.Texts{Title: c.Title, Body: body}
	} else if c.Title != "" {
		return match.Invalidf("--title", "is for --text alone")
	}
	var err error
	if req.Filter, err = c.checked(match.PatentKind); err != nil {
		return err
	}
	in, err := c.openToAsk(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	pool, err := in.Engine.SuggestPool(ctx, req)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, wire.ToPool(pool))
	}
	return printPool(os.Stdout, pool, c.langFlag)
}

// printPool writes a pool for people: the patents, then what is asked for and who serves it.
func printPool(w io.Writer, p *match.Pool, lang langFlag) error {
	var b strings.Builder
	for _, d := range p.Degraded {
		b.WriteString(lang.pick(match.LocalText{ZH: "注意：部分功能不可用：", EN: "Note: not everything took part: "}) + d + "\n")
	}
	b.WriteString(lang.pick(p.Summary) + "\n")
	for i := range p.Patents {
		x := &p.Patents[i]
		fmt.Fprintf(&b, "%3d  %.3f  %s  %s\n", i+1, x.Hit.Score.Value, pad(x.Hit.Record.ID, 15), title(&x.Hit.Record))
		if about := about(&x.Hit.Record, lang); about != "" {
			fmt.Fprintf(&b, "            %s\n", about)
		}
		fmt.Fprintf(&b, "            %s\n", lang.pick(x.Why))
	}
	for i := range p.Elements {
		e := &p.Elements[i]
		fmt.Fprintf(&b, "  %s %s「%s」%s\n", poolMarks[e.Verdict], lang.pick(e.Verdict.Words()), clip(e.Demand.Text, 40), lang.pick(e.Why))
		for _, a := range e.Answers {
			fmt.Fprintf(&b, "        %s「%s」%s\n", pad(a.Patent.ID, 15), clip(a.Evidence.Text, 60), lang.pick(a.Note))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var poolMarks = map[match.Verdict]string{match.Covered: "✓", match.Partly: "~", match.Contradicted: "✗", match.Missing: "–"}
