package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/url"
	"os"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// labelSuggestCmd names the pairs whose judgement would tell most.
type labelSuggestCmd struct {
	serviceFlags
	Budget    int      `help:"How many pairs. 数量。" short:"n" default:"50"`
	PerDemand int      `help:"How many of one demand at most. 每个需求最多几对。" default:"3"`
	Sectors   []string `help:"Of demands of these sectors alone. 只取这些产业的需求。" placeholder:"CODE"`
	CSV       bool     `help:"Print a CSV whose level is empty, to be filled in and imported with label import. 输出待填等级的 CSV，填好后可用 label import 导入。" name:"csv"`
	JSON      bool     `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *labelSuggestCmd) Run(ctx context.Context) error {
	var got pb.SuggestLabelsResponse
	query := url.Values{"budget": {fmt.Sprint(c.Budget)}, "per_demand": {fmt.Sprint(c.PerDemand)}, "sectors": c.Sectors}
	if err := c.with(ctx, func(r *remote) error { return r.call(ctx, "GET", "/v1/labels:suggest", query, nil, &got) }); err != nil {
		return err
	}
	switch {
	case c.JSON:
		return printJSON(os.Stdout, &got)
	case c.CSV:
		w := csv.NewWriter(os.Stdout)
		rows := [][]string{{"demand_id", "patent_number", "level", "rater", "reason"}}
		for _, s := range got.GetSuggestions() {
			rows = append(rows, []string{s.GetDemandId(), s.GetPatentNumber(), "", "", ""})
		}
		return w.WriteAll(rows)
	}
	for _, s := range got.GetSuggestions() {
		fmt.Printf("%.2f  %s  %s  %s\n", s.GetWorth(), pad(s.GetDemandId(), 12), pad(s.GetPatentNumber(), 16), c.langFlag.pickPB(s.GetReason()))
	}
	return nil
}

// pickPB is pick for a text of the API.
func (l langFlag) pickPB(t *pb.LocalText) string {
	if l.chinese() {
		return t.GetZh()
	}
	return t.GetEn()
}
