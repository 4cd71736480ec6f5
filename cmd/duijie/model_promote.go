package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/match"
)

// changeFlags say who changes what is in production, and why.
type changeFlags struct {
	Alias  string `help:"national, sector/CODE, region/NN, tenant/NAME or challenger. 别名。" default:"national" placeholder:"ALIAS"`
	By     string `help:"Who changes it. 由谁更改。" required:"" placeholder:"NAME"`
	Reason string `help:"Why. 原因。" required:"" placeholder:"TEXT"`
}

type modelPromoteCmd struct {
	serviceFlags
	changeFlags
	Model    string   `arg:"" help:"Id of the model, or the beginning of it. 模型编号（可只写开头）。"`
	Datasets []string `help:"Frozen datasets to measure on; by default all. 用于评测的冻结数据集。" name:"dataset" placeholder:"NAME"`
	Override []string `help:"Let a check pass that is too small to decide: CHECK=WHO=WHY, or all=WHO=WHY, which is for none that the model seems to lose or has failed. 放行样本过少而无法判定的检查：检查=由谁=原因；all 不含疑似变差或上次未通过的。" sep:"none" placeholder:"CHECK=WHO=WHY"`
}

// Run ends with the code of a gate where the model does not pass.
func (c *modelPromoteCmd) Run(ctx context.Context) error {
	req := &pb.PromoteModelRequest{Alias: c.Alias, Model: c.Model, By: c.By, Reason: c.Reason, Datasets: c.Datasets}
	for _, text := range c.Override {
		parts := strings.Split(text, "=")
		if len(parts) < 3 {
			return match.Invalidf("--override", "%q is not of the form CHECK=WHO=WHY", text)
		}
		// The name of a check has an equals sign of its own: sector=battery/ndcg@10:0.02.
		n := len(parts)
		req.Overrides = append(req.Overrides, &pb.GateOverride{Check: strings.Join(parts[:n-2], "="), By: parts[n-2], Reason: parts[n-1]})
	}
	return c.with(ctx, func(r *remote) error {
		var begun pb.PromoteModelResponse
		if err := r.call(ctx, "POST", "/v1/models:promote", nil, req, &begun); err != nil {
			return err
		}
		op, err := r.await(ctx, begun.GetOperation(), nil)
		if op.GetError().GetCode() == 7 { // PERMISSION_DENIED: the gate
			c.refused(op, err)
			return exitError{exitGate}
		}
		if err != nil {
			return err
		}
		c.print(op.GetPromote())
		return nil
	})
}

// refused says which checks keep the model out, and how those are let pass that are too
// small to decide.
func (c *modelPromoteCmd) refused(op *pb.Operation, err error) {
	checks := op.GetRefusal().GetChecks()
	if len(checks) == 0 {
		fmt.Fprintln(os.Stderr, "duijie:", c.pick(match.Localised(err)))
		return
	}
	d := op.GetRefusal()
	say(os.Stderr, c.langFlag,
		fmt.Sprintf("duijie: 模型 %s 未通过门禁（现为 %s）：\n", d.GetCandidate(), d.GetBaseline()),
		fmt.Sprintf("duijie: model %s does not pass the gate (%s answers now):\n", d.GetCandidate(), d.GetBaseline()))
	var flags strings.Builder
	for _, check := range checks {
		writeCheck(os.Stderr, c.langFlag, check)
		if check.GetVerdict() == string(statistic.Undecided) {
			fmt.Fprintf(&flags, "    --override '%s=%s'\n", check.GetName(), c.pick(match.LocalText{ZH: "由谁=原因", EN: "WHO=WHY"}))
		}
	}
	if flags.Len() > 0 {
		say(os.Stderr, c.langFlag,
			"“未定”的检查因样本过少而无法判定，可由人放行（“不通过”的不可）：\n"+flags.String(),
			"Undecided checks are too small to decide, and somebody may let them pass, unlike failed ones:\n"+flags.String())
	}
}

func (c *modelPromoteCmd) print(ch *pb.ModelChange) {
	say(os.Stdout, c.langFlag, fmt.Sprintf("%s 现为 %s。\n", ch.GetAlias(), ch.GetNow()), fmt.Sprintf("%s is now %s.\n", ch.GetAlias(), ch.GetNow()))
	for _, check := range ch.GetDecision().GetChecks() {
		printCheck(c.langFlag, check)
	}
}

type modelRollbackCmd struct {
	serviceFlags
	changeFlags
}

func (c *modelRollbackCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.RollbackModelResponse
		if err := r.call(ctx, "POST", "/v1/models:rollback", nil, &pb.RollbackModelRequest{Alias: c.Alias, By: c.By, Reason: c.Reason}, &got); err != nil {
			return err
		}
		ch := got.GetChange()
		now := match.LocalText{ZH: ch.GetNow(), EN: ch.GetNow()}
		if ch.GetNow() == "" {
			now = match.LocalText{ZH: "没有模型（由上一级别名或内置排序作答）", EN: "no model: the next alias, or the built-in ranker, answers"}
		}
		say(os.Stdout, c.langFlag, fmt.Sprintf("%s 现为 %s。\n", ch.GetAlias(), now.ZH), fmt.Sprintf("%s is now %s.\n", ch.GetAlias(), now.EN))
		return nil
	})
}

type modelShadowCmd struct {
	serviceFlags
	Model  string  `arg:"" help:"Id of the model, or the beginning of it. 模型编号（可只写开头）。"`
	Name   string  `help:"Name of the pilot. 试点名称。" default:"shadow" placeholder:"NAME"`
	Where  string  `help:"Alias whose requests are looked at. 取哪个别名的请求。" default:"national" placeholder:"ALIAS"`
	Share  float64 `help:"Part of the requests that are looked at. 请求比例。" default:"1"`
	By     string  `help:"Who asks. 由谁发起。" required:"" placeholder:"NAME"`
	Reason string  `help:"Why. 原因。" required:"" placeholder:"TEXT"`
}

// Run has a model score live requests as well, seen by nobody; it is the challenger then.
func (c *modelShadowCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var begun pb.PromoteModelResponse
		challenger := &pb.PromoteModelRequest{Alias: "challenger", Model: c.Model, By: c.By, Reason: c.Reason}
		if err := r.call(ctx, "POST", "/v1/models:promote", nil, challenger, &begun); err != nil {
			return err
		}
		if op, err := r.await(ctx, begun.GetOperation(), nil); err != nil && op.GetError().GetCode() != 10 { // ABORTED: it is already
			return err
		}
		start := pilotStartCmd{serviceFlags: c.serviceFlags, Name: c.Name, Model: c.Model, Where: c.Where, Mode: "shadow", Share: c.Share, By: c.By, Reason: c.Reason}
		return start.begin(ctx, r)
	})
}
