package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// pilotCmd compares challengers with what is in production, on live requests.
type pilotCmd struct {
	Start  pilotStartCmd  `cmd:"" help:"Begin a pilot. 开始试点。"`
	End    pilotEndCmd    `cmd:"" help:"End a pilot. 结束试点。"`
	List   pilotListCmd   `cmd:"" help:"List the running pilots. 列出正在进行的试点。"`
	Report pilotReportCmd `cmd:"" help:"Tell what was seen, and what to do; may be asked any day. 试点报告（随时可查看，检验始终有效）。"`
}

type pilotStartCmd struct {
	serviceFlags
	Name   string  `arg:"" help:"Name of the pilot. 试点名称。"`
	Model  string  `help:"Id of the challenger, or the beginning of it. 挑战模型。" required:"" placeholder:"ID"`
	Where  string  `help:"Alias whose requests take part. 取哪个别名的请求。" default:"national" placeholder:"ALIAS"`
	Mode   string  `help:"shadow, ab or interleave. 方式：影子、按企业分流、交错。" enum:"shadow,ab,interleave" default:"shadow"`
	Share  float64 `help:"Part of the parties that have the challenger (ab), or of the requests or parties that take part. 比例。" default:"0.5"`
	By     string  `help:"Who begins it. 由谁发起。" required:"" placeholder:"NAME"`
	Reason string  `help:"Why. 原因。" required:"" placeholder:"TEXT"`
}

func (c *pilotStartCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error { return c.begin(ctx, r) })
}

func (c *pilotStartCmd) begin(ctx context.Context, r *remote) error {
	mode := pb.PilotMode(pb.PilotMode_value["PILOT_MODE_"+strings.ToUpper(c.Mode)])
	req := &pb.StartPilotRequest{Pilot: &pb.Pilot{Name: c.Name, Where: c.Where, Challenger: c.Model, Mode: mode, Share: c.Share, By: c.By, Reason: c.Reason}}
	var got pb.StartPilotResponse
	if err := r.call(ctx, "POST", "/v1/pilots", nil, req, &got); err != nil {
		return err
	}
	say(os.Stdout, c.langFlag, fmt.Sprintf("试点 %s 已开始，挑战模型 %s。\n", c.Name, got.GetPilot().GetChallenger()), fmt.Sprintf("Pilot %s has begun with the challenger %s.\n", c.Name, got.GetPilot().GetChallenger()))
	return nil
}

type pilotEndCmd struct {
	serviceFlags
	Name   string `arg:"" help:"Name of the pilot. 试点名称。"`
	By     string `help:"Who ends it. 由谁结束。" required:"" placeholder:"NAME"`
	Reason string `help:"Why. 原因。" required:"" placeholder:"TEXT"`
}

func (c *pilotEndCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		req := &pb.EndPilotRequest{Name: c.Name, By: c.By, Reason: c.Reason}
		if err := r.call(ctx, "POST", "/v1/pilots/"+url.PathEscape(c.Name)+":end", nil, req, &pb.EndPilotResponse{}); err != nil {
			return err
		}
		say(os.Stdout, c.langFlag, fmt.Sprintf("试点 %s 已结束。\n", c.Name), fmt.Sprintf("Pilot %s has ended.\n", c.Name))
		return nil
	})
}

type pilotListCmd struct {
	serviceFlags
	JSON bool `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *pilotListCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.ListPilotsResponse
		if err := r.call(ctx, "GET", "/v1/pilots", nil, nil, &got); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, &got)
		}
		rows := [][]string{c.headers("试点|方式|范围|比例|挑战模型|开始时间|发起人|原因", "PILOT|MODE|WHERE|SHARE|CHALLENGER|SINCE|BY|REASON")}
		for _, p := range got.GetPilots() {
			rows = append(rows, []string{p.GetName(), modeWord(p.GetMode(), c.langFlag), p.GetWhere(), fmt.Sprintf("%g", p.GetShare()), p.GetChallenger(),
				p.GetStartTime().AsTime().Local().Format(time.DateTime), p.GetBy(), oneCell.Replace(p.GetReason())})
		}
		return writeTable(os.Stdout, rows)
	})
}

func modeWord(m pb.PilotMode, lang langFlag) string {
	if zh := modesZH[m]; zh != "" && lang.chinese() {
		return zh
	}
	return strings.ToLower(strings.TrimPrefix(m.String(), "PILOT_MODE_"))
}

var modesZH = map[pb.PilotMode]string{
	pb.PilotMode_PILOT_MODE_SHADOW: "影子", pb.PilotMode_PILOT_MODE_AB: "分流", pb.PilotMode_PILOT_MODE_INTERLEAVE: "交错",
}

type pilotReportCmd struct {
	serviceFlags
	Name string `arg:"" help:"Name of the pilot. 试点名称。"`
	JSON bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

func (c *pilotReportCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.GetPilotReportResponse
		if err := r.call(ctx, "GET", "/v1/pilots/"+url.PathEscape(c.Name)+"/report", nil, nil, &got); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, &got)
		}
		c.print(&got)
		return nil
	})
}

func (c *pilotReportCmd) print(r *pb.GetPilotReportResponse) {
	p := r.GetPilot()
	fmt.Printf("%s (%s, %s, %g)  %s\n", p.GetName(), modeWord(p.GetMode(), c.langFlag), p.GetWhere(), p.GetShare(), p.GetChallenger())
	for _, arm := range slices.Sorted(maps.Keys(r.GetAnswers())) {
		zh, en := "", ""
		if p.GetMode() == pb.PilotMode_PILOT_MODE_AB { // in the others no party is on one side
			zh, en = fmt.Sprintf("，成功 %d 方", r.GetSuccesses()[arm]), fmt.Sprintf(", %d of them succeeded", r.GetSuccesses()[arm])
		}
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("  %-12s %d 次作答，%d 方%s\n", arm, r.GetAnswers()[arm], r.GetParties()[arm], zh),
			fmt.Sprintf("  %-12s %s, %s%s\n", arm, match.Counted(r.GetAnswers()[arm], "answer"), match.Counted(r.GetParties()[arm], "party"), en))
	}
	if s := r.GetShadow(); s != nil {
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("影子评分 %d 次：前十重合 %.2f，RBO %.2f，首位相同 %.2f，平均 %.1f 毫秒\n", s.GetObservations(), s.GetOverlapAt_10(), s.GetRbo(), s.GetSameFirst(), s.GetMeanMs()),
			fmt.Sprintf("in the shadow, %s: overlap of the first ten %.2f, RBO %.2f, same first hit %.2f, %.1f ms on average\n", match.Counted(s.GetObservations(), "time"), s.GetOverlapAt_10(), s.GetRbo(), s.GetSameFirst(), s.GetMeanMs()))
	}
	if p.GetMode() != pb.PilotMode_PILOT_MODE_SHADOW {
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("挑战模型胜 %d，负 %d，平 %d；获胜机会 95%% 置信序列 [%.3f, %.3f]，持平为 %.3f，p = %.4g（随时有效）\n", r.GetWins(), r.GetLosses(), r.GetTies(), r.GetLow(), r.GetHigh(), r.GetNull(), r.GetPValue()),
			fmt.Sprintf("the challenger won %d, lost %d, %s; chance of a win, 95%% confidence sequence [%.3f, %.3f], equal is %.3f, p = %.4g (valid any day)\n", r.GetWins(), r.GetLosses(), match.Counted(r.GetTies(), "tie"), r.GetLow(), r.GetHigh(), r.GetNull(), r.GetPValue()))
	}
	verdict := map[string]string{"ship": "上线", "stop": "停止", "go on": "继续"}[r.GetVerdict()]
	say(os.Stdout, c.langFlag, fmt.Sprintf("结论：%s（%s）\n", verdict, r.GetReason().GetZh()), fmt.Sprintf("verdict: %s (%s)\n", r.GetVerdict(), r.GetReason().GetEn()))
}
