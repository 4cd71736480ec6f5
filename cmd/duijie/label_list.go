package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

type labelListCmd struct {
	labelFlags
	Demand string `help:"Of this demand alone. 只列此需求。" placeholder:"ID"`
	Patent string `help:"Of this patent alone. 只列此专利。" placeholder:"NUMBER"`
	Rater  string `help:"Of this rater alone. 只列此标注人。" placeholder:"NAME"`
	Source string `help:"Of this source alone: expert, event or model. 只列此来源。" enum:",expert,event,model" default:"" placeholder:"SOURCE"`
	Tenant string `help:"Tenant. 租户。" default:"default"`
	Limit  int    `help:"At most so many; 0 is all. 最多列出多少条。" short:"n"`
	JSON   bool   `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// errEnough ends a listing at its limit.
var errEnough = errors.New("enough")

func (c *labelListCmd) Run(ctx context.Context) error {
	k, err := c.keeper(ctx, true)
	if err != nil {
		return err
	}
	defer k.Close()
	q := store.LabelQuery{Tenant: c.Tenant, Demand: c.Demand, Patent: match.NormaliseNumber(c.Patent), Rater: c.Rater,
		Source: match.LabelSource(c.Source), Limit: labelPage}
	w := bufio.NewWriter(os.Stdout)
	out := labelPrinter{w: w, lang: c.langFlag, json: c.JSON, list: jsonList{w: w, name: "labels"}}
	err = k.list(ctx, q, func(l match.Label) error {
		if c.Limit > 0 && out.n == c.Limit {
			return errEnough
		}
		return out.add(l)
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return out.end()
}

// labelPrinter writes labels as they come: a table, or {"labels": [...]}.
type labelPrinter struct {
	w    *bufio.Writer
	lang langFlag
	json bool
	list jsonList
	n    int
}

func (p *labelPrinter) add(l match.Label) error {
	p.n++
	if !p.json {
		return p.row(l)
	}
	return p.list.add(&l)
}

func (p *labelPrinter) row(l match.Label) error {
	if p.n == 1 {
		head := p.lang.pick(match.LocalText{ZH: "需求\t专利\t等级\t标注人\t来源\t时间\t理由\n", EN: "demand\tpatent\tlevel\trater\tsource\ttime\treason\n"})
		if _, err := io.WriteString(p.w, head); err != nil {
			return err
		}
	}
	at := ""
	if !l.At.IsZero() {
		at = l.At.Format(time.RFC3339)
	}
	_, err := fmt.Fprintf(p.w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", l.Demand, l.Patent, l.Level,
		oneCell.Replace(l.Rater), l.Source, at, oneCell.Replace(l.Reason))
	return err
}

func (p *labelPrinter) end() error {
	switch {
	case p.json:
		p.list.end()
	case p.n == 0:
		p.w.WriteString(p.lang.pick(match.LocalText{ZH: "没有标注。\n", EN: "No labels.\n"}))
	}
	return p.w.Flush()
}
