package main

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

type matchCmd struct {
	dataFlags
	langFlag
	filterFlags `group:"Filters 筛选"`

	Demand string `help:"Id of a stored demand. 需求编号。" xor:"query" required:"" placeholder:"ID"`
	Patent string `help:"Number of a stored patent. 专利号。" xor:"query" required:"" placeholder:"NUMBER"`
	Text   string `help:"Text to match with; - reads standard input. 直接输入文字。" xor:"query" required:"" placeholder:"TEXT"`
	As     string `help:"What the text is: demand or patent. 文字的类型。" enum:"demand,patent" default:"demand"`
	Title  string `help:"Title of the text. 文字的标题。"`

	Limit   int  `help:"Number of hits. 结果数量。" short:"n" default:"10"`
	Explain bool `help:"Say what carried each match. 说明匹配理由。"`
	JSON    bool `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *matchCmd) Run(ctx context.Context) error {
	req, err := c.request()
	if err != nil {
		return err
	}
	in, err := c.openToRead(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Catalog.Await(ctx); err != nil {
		return err
	}
	answer, err := in.Engine.Match(ctx, req)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, wire.ToAnswer(answer))
	}
	return printAnswer(os.Stdout, answer, c.langFlag)
}

func (c *matchCmd) request() (match.Request, error) {
	req := match.Request{
		ID: "cli", Tenant: match.DefaultTenant, Filter: c.filter(), Limit: c.Limit, Explain: c.Explain,
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
	return req, nil
}
