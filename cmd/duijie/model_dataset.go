package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

type modelFreezeCmd struct {
	serviceFlags
	Name   string  `arg:"" help:"Name of the dataset. 数据集名称。"`
	Share  float64 `help:"Part of the demands to take, drawn by a hash of their ids, near twins together; 1 is all, which leaves nothing to learn from. 抽取的需求比例（相近的需求同进同出）；1 为全部，此后没有标注可供训练。" default:"0.2" placeholder:"0..1"`
	Seed   int64   `help:"Seed of the draw. 抽取种子。"`
	By     string  `help:"Who freezes it. 由谁冻结。" required:"" placeholder:"NAME"`
	Note   string  `help:"Free remark. 备注。"`
	Tenant string  `help:"Tenant. 租户。" default:"default"`
}

// Run freezes experts' labels of now, to measure candidates by.
func (c *modelFreezeCmd) Run(ctx context.Context) error {
	if !(c.Share > 0 && c.Share <= 1) {
		return match.Invalidf("--share", "%g is not above 0 and at most 1", c.Share)
	}
	return c.with(ctx, func(r *remote) error {
		var got pb.FreezeDatasetResponse
		req := &pb.FreezeDatasetRequest{Tenant: c.Tenant, Name: c.Name, Share: c.Share, Seed: c.Seed, By: c.By, Note: c.Note}
		if err := r.call(ctx, "POST", "/v1/datasets", nil, req, &got); err != nil {
			return err
		}
		d := got.GetDataset()
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("已冻结 %s：%d 对，%d 个需求，%d 项专利。这些标注用于评测，不再用于训练；model retire %s 可恢复。\n可用于训练的还有 %d 对，%d 个需求。\n",
				d.GetName(), d.GetPairs(), d.GetDemands(), d.GetPatents(), d.GetName(), got.GetRemainingPairs(), got.GetRemainingDemands()),
			fmt.Sprintf("Froze %s: %s of %s and %s, to measure by and not to learn from; model retire %s gives them back.\nLeft to learn from: %s of %s.\n",
				d.GetName(), match.Counted(d.GetPairs(), "pair"), match.Counted(d.GetDemands(), "demand"), match.Counted(d.GetPatents(), "patent"), d.GetName(),
				match.Counted(got.GetRemainingPairs(), "pair"), match.Counted(got.GetRemainingDemands(), "demand")))
		return nil
	})
}

type modelRetireCmd struct {
	serviceFlags
	Name   string `arg:"" help:"Name of the dataset. 数据集名称。"`
	By     string `help:"Who retires it. 由谁停用。" required:"" placeholder:"NAME"`
	Reason string `help:"Why. 原因。" required:"" placeholder:"TEXT"`
}

// Run takes a dataset out of use; the history tells of it.
func (c *modelRetireCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.RetireDatasetResponse
		req := &pb.RetireDatasetRequest{Name: c.Name, By: c.By, Reason: c.Reason}
		if err := r.call(ctx, "POST", "/v1/datasets/"+url.PathEscape(c.Name)+":retire", nil, req, &got); err != nil {
			return err
		}
		d := got.GetDataset()
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("已停用 %s：%d 对重新可用于训练，不再用于评测。\n", d.GetName(), d.GetPairs()),
			fmt.Sprintf("Retired %s: its %s can be learned from again, and nothing is measured by it.\n", d.GetName(), match.Counted(d.GetPairs(), "pair")))
		return nil
	})
}

type modelDatasetsCmd struct {
	serviceFlags
	JSON bool `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *modelDatasetsCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.ListDatasetsResponse
		if err := r.call(ctx, "GET", "/v1/datasets", nil, nil, &got); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, &got)
		}
		rows := [][]string{c.headers("数据集|配对|需求|专利|冻结时间|冻结人|状态|备注", "DATASET|PAIRS|DEMANDS|PATENTS|FROZEN|BY|STATE|NOTE")}
		for _, d := range got.GetDatasets() {
			state := match.LocalText{ZH: "在用", EN: "in use"}
			if d.GetRetired() {
				state = match.LocalText{ZH: "已停用", EN: "retired"}
			}
			rows = append(rows, []string{d.GetName(), fmt.Sprint(d.GetPairs()), fmt.Sprint(d.GetDemands()), fmt.Sprint(d.GetPatents()),
				d.GetCreateTime().AsTime().Local().Format(time.DateTime), d.GetBy(), c.pick(state), oneCell.Replace(d.GetNote())})
		}
		return writeTable(os.Stdout, rows)
	})
}
