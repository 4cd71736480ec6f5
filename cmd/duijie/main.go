// Command duijie matches patents with the demands of enterprises.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/duijie/duijie/internal/match"
)

// cli is the command line: one field a subcommand, one file each.
type cli struct {
	Demo     demoCmd     `cmd:"" help:"Load the built-in sample, print matches with reasons, and serve it. 载入内置样例，打印匹配结果与理由，并提供服务。"`
	Serve    serveCmd    `cmd:"" help:"Serve gRPC, HTTP/JSON and metrics. 启动服务。"`
	Import   importCmd   `cmd:"" help:"Import patents or demands from files. 从文件导入专利或需求。"`
	Match    matchCmd    `cmd:"" help:"Rank patents for a demand, or demands for a patent. 为需求找专利，或为专利找需求。"`
	WhyNot   whyNotCmd   `cmd:"" name:"why-not" help:"Say at which stage a record fell out of an answer, and what would bring it in. 说明某条记录为何不在结果中。"`
	Intake   intakeCmd   `cmd:"" help:"Take a demand apart: elements, figures, what is missing. 解析需求：要素、指标与缺失项。"`
	Score    scoreCmd    `cmd:"" help:"Score named pairs without a search. 为指定的需求与专利打分。"`
	Pool     poolCmd     `cmd:"" help:"Suggest the fewest patents that together cover what a demand asks for. 为需求推荐能共同满足要求的最少专利组合。"`
	Label    labelCmd    `cmd:"" help:"Judgements of pairs: import, set, list, withdraw. 标注的导入、填写、查询与撤回。"`
	Event    eventCmd    `cmd:"" help:"What the parties did with answers: import, list. 双方行为事件的导入与查询。"`
	Replay   replayCmd   `cmd:"" help:"Give the answer of a request again, and say what has changed since. 重现一次匹配结果，并说明此后的变化。"`
	Export   exportCmd   `cmd:"" help:"Write records and labels as JSONL. 导出记录与标注。"`
	Status   statusCmd   `cmd:"" help:"Count what is searchable, and list what is not and why. 统计可检索的记录，列出尚不可检索的记录及原因。"`
	Retry    retryCmd    `cmd:"" help:"Try failed records again now. 立即重试失败的记录。"`
	Reembed  reembedCmd  `cmd:"" help:"Change the model: build its vectors while the old ones answer, then switch. 更换向量模型：后台重建，完成后切换。"`
	Doctor   doctorCmd   `cmd:"" help:"Verify the data folder, and repair what can be made again. 检查并修复数据目录。"`
	Backup   backupCmd   `cmd:"" help:"Copy the data into one file, also while it is in use. 备份（可在服务运行时进行）。"`
	Restore  restoreCmd  `cmd:"" help:"Put a backup in the place of a data folder. 从备份恢复。"`
	Model    modelCmd    `cmd:"" help:"Models: list, show, add, tune, freeze, promote, roll back, shadow, history, distill. 模型的登记、上线与回退。"`
	Pilot    pilotCmd    `cmd:"" help:"Compare a challenger with the model in production on live requests. 试点：在真实请求上比较模型。"`
	Tune     tuneCmd     `cmd:"" help:"Train a ranker from labelled pairs. 用标注数据训练排序模型。"`
	Evaluate evaluateCmd `cmd:"" help:"Measure models on judged pairs, with intervals and tests. 在标注数据上评测模型。"`
	Bench    benchCmd    `cmd:"" help:"Measure this machine: search, recall, embedding, long use. 性能测量：检索、召回率、向量化、长时间运行。"`
	Version  versionCmd  `cmd:"" help:"Print the version. 打印版本。"`
}

// Exit codes besides 0.
const (
	exitFailed   = 1
	exitUsage    = 2
	exitGate     = 3 // the gate of an evaluation did not open
	exitRejected = 4 // some rows were rejected, the others are in
	exitUnsound  = 5 // doctor found problems that are left

	// exitInterrupted is what shells show for SIGINT.
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func newParser() *kong.Kong {
	return kong.Must(&cli{}, kong.Name("duijie"),
		kong.Description("Finds the patents that serve a demand, and the enterprises that want a patent. 专利与需求的双向匹配。"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"data": cmp.Or(defaultData(), noHome)})
}

func run(ctx context.Context, args []string) int {
	parsed, err := newParser().Parse(args)
	lang := langOf(args)
	if err == nil {
		err = homeless(parsed)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "duijie:", lang.pick(usageText(err)))
		return exitUsage
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run()
	var coded exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &coded):
		return coded.code
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "duijie:", lang.pick(match.LocalText{ZH: "已中断", EN: "interrupted"}))
		return exitInterrupted
	}
	fmt.Fprintln(os.Stderr, "duijie:", lang.pick(match.Localised(err)))
	return exitCodeOf(err)
}

// exitCodeOf tells the fault of a flag from all else.
func exitCodeOf(err error) int {
	var e *match.Error
	if errors.As(err, &e) && e.Kind == match.Invalid && strings.HasPrefix(e.Field, "--") {
		return exitUsage
	}
	return exitFailed
}
