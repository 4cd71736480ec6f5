package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// labelDeriveCmd makes labels of events.
type labelDeriveCmd struct {
	labelFlags
	Tenant string `help:"Tenant. 租户。" default:"default"`
	JSON   bool   `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// derivedSummary is what was made of events.
type derivedSummary struct {
	Events       int64     `json:"events"`
	Labels       int64     `json:"labels"`
	Withdrawn    int64     `json:"withdrawn"`
	RankPairs    int64     `json:"rank_pairs"`
	Propensities []float64 `json:"propensities"`
}

func (c *labelDeriveCmd) Run(ctx context.Context) error {
	made, err := c.derive(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, made)
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("读取事件 %d 条：推导标注 %d 条，撤去旧的推导标注 %d 条。\n", made.Events, made.Labels, made.Withdrawn),
		fmt.Sprintf("%s: %s derived, %d of before gone.\n", match.Counted(made.Events, "event"), match.Counted(made.Labels, "label"), made.Withdrawn))
	var first []string
	for _, p := range made.Propensities[:min(10, len(made.Propensities))] {
		first = append(first, fmt.Sprintf("%.2f", p))
	}
	zh, en := "按固定曲线", "by a fixed curve"
	if made.RankPairs > 0 {
		zh, en = fmt.Sprintf("由 %d 对位次实测", made.RankPairs), fmt.Sprintf("measured by %s of ranks", match.Counted(made.RankPairs, "pair"))
	}
	say(os.Stdout, c.langFlag, fmt.Sprintf("各位次被看到的相对机会（%s）：%s\n", zh, strings.Join(first, " ")),
		fmt.Sprintf("chance of a look at each rank (%s): %s\n", en, strings.Join(first, " ")))
	return nil
}

func (c *labelDeriveCmd) derive(ctx context.Context) (derivedSummary, error) {
	if c.Server != "" {
		return c.remotely(ctx)
	}
	if err := c.holdsData(); err != nil {
		return derivedSummary{}, err
	}
	s, err := openStoreAlone(ctx, c.dataFlags, false)
	if err != nil {
		return derivedSummary{}, err
	}
	defer s.Close()
	got, err := feedback.Derive(ctx, s, c.Tenant, nil)
	if err != nil {
		return derivedSummary{}, err
	}
	gone, err := feedback.Replace(ctx, s, c.Tenant, got.Labels)
	return derivedSummary{got.Events, int64(len(got.Labels)), int64(gone), int64(got.Propensities.RankPairs), got.Propensities.At}, err
}

func (c *labelDeriveCmd) remotely(ctx context.Context) (derivedSummary, error) {
	r, err := newRemote(c.Server)
	if err != nil {
		return derivedSummary{}, err
	}
	var begun pb.DeriveLabelsResponse
	if err := r.call(ctx, "POST", "/v1/labels:derive", nil, &pb.DeriveLabelsRequest{Tenant: c.Tenant}, &begun); err != nil {
		return derivedSummary{}, err
	}
	op, err := r.await(ctx, begun.GetOperation(), nil)
	if err != nil {
		return derivedSummary{}, err
	}
	d := op.GetDeriveLabels()
	return derivedSummary{d.GetEvents(), d.GetLabels(), d.GetWithdrawn(), d.GetRankPairs(), d.GetPropensities()}, nil
}

// await follows an operation to its end, and gives its error as one. tell is told of
// every state.
func (r *remote) await(ctx context.Context, op *pb.Operation, tell func(*pb.Operation)) (*pb.Operation, error) {
	for !op.GetDone() {
		if tell != nil {
			tell(op)
		}
		select {
		case <-ctx.Done():
			return op, ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
		var got pb.GetOperationResponse
		if err := r.call(ctx, "GET", "/v1/operations/"+op.GetId(), nil, nil, &got); err != nil {
			return op, err
		}
		op = got.GetOperation()
	}
	if e := op.GetError(); e != nil {
		return op, refusal{LocalText: wire.Words(e)}
	}
	return op, nil
}

// followed is await with a bar; Ctrl-C ends the operation as well.
func (r *remote) followed(ctx context.Context, begun *pb.Operation) (*pb.Operation, error) {
	bar := progress()
	op, err := r.await(ctx, begun, func(o *pb.Operation) {
		if o.GetTotal() > 0 {
			bar.ChangeMax64(o.GetTotal())
			_ = bar.Set64(o.GetProgress())
		}
	})
	_ = bar.Finish()
	if ctx.Err() != nil {
		_ = r.call(context.WithoutCancel(ctx), "POST", "/v1/operations/"+begun.GetId()+":cancel", nil, &pb.CancelOperationRequest{}, &pb.CancelOperationResponse{})
	}
	return op, err
}
