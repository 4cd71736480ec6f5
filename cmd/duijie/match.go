package main

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

type matchCmd struct {
	dataFlags
	langFlag
	filterFlags `group:"Filters 筛选"`
	listFlags   `group:"List 列表"`
	llmFlags

	Demand string `help:"Id of a stored demand. 需求编号。" xor:"query" required:"" placeholder:"ID"`
	Patent string `help:"Number of a stored patent. 专利号。" xor:"query" required:"" placeholder:"NUMBER"`
	Text   string `help:"Text to match with; - reads standard input. 直接输入文字。" xor:"query" required:"" placeholder:"TEXT"`
	As     string `help:"What the text is: demand or patent. 文字的类型。" enum:"demand,patent" default:"demand"`
	Title  string `help:"Title of the text. 文字的标题。"`
	All    bool   `help:"All stored demands, or with --side patents all patents. 为全部需求（或全部专利）匹配。" xor:"query" required:""`

	Model string `help:"Ranker wanted: an alias such as sector/battery, or the id of one in production. 指定排序模型。" placeholder:"ALIAS"`
	Party string `help:"Who asks, such as an enterprise: in a pilot, one party sees one model. 询问方。" placeholder:"NAME"`

	Order string `help:"What hits are ordered by: forward, how well the patent serves the demand; reverse, how well the demand suits the patent; mutual, both with the ratings of both sides. 排序依据：需求侧、专利侧或双向。" enum:"forward,reverse,mutual" default:"forward"`

	Limit   int  `help:"Number of hits. 结果数量。" short:"n" default:"10"`
	Explain bool `help:"Say what carried each match. 说明匹配理由。"`
	JSON    bool `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`

	allFlags `group:"With --all 全部匹配"`
}

func (c *matchCmd) Run(ctx context.Context) error {
	if c.All {
		return c.all(ctx)
	}
	if err := c.allFlags.unused(); err != nil {
		return err
	}
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	if err := c.check(c.Explain); err != nil {
		return err
	}
	req, err := c.request()
	if err != nil {
		return err
	}
	in, err := c.openToAsk(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := c.attach(in); err != nil {
		return err
	}
	answer, err := in.Engine.Match(ctx, req)
	if err != nil {
		return shapeFlagged(err)
	}
	if c.JSON {
		return printJSON(os.Stdout, wire.ToAnswer(answer))
	}
	return printAnswer(os.Stdout, answer, c.langFlag)
}

// checkLimit is for the value of --limit.
func checkLimit(n int) error {
	if n < 1 || n > match.MaxLimit {
		return match.Invalidf("--limit", "%d is not in 1 to %d", n, match.MaxLimit)
	}
	return nil
}

func (c *matchCmd) request() (match.Request, error) {
	req := match.Request{
		ID: "cli", Tenant: match.DefaultTenant, Limit: c.Limit, Explain: c.Explain, Model: vocabulary.Alias(c.Model), Party: c.Party, Order: match.Order(c.Order), Rerank: c.Rerank, Review: c.Review,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.Kind(c.As)},
	}
	switch {
	case c.Demand != "":
		req.From.Kind, req.From.ID = match.DemandKind, c.Demand
	case c.Patent != "":
		req.From.Kind, req.From.ID = match.PatentKind, c.Patent
	default:
		body := c.Text
		if body == "-" {
			raw, err := io.ReadAll(os.Stdin)
			if err != nil {
				return req, err
			}
			body = strings.TrimSpace(string(raw))
		}
		req.Texts = match.Texts{Title: c.Title, Body: body}
	}
	var err error
	if req.Filter, err = c.checked(req.From.Kind.Other()); err != nil {
		return req, err
	}
	req.Shape, err = c.shape(req.From.Kind.Other())
	return req, err
}
