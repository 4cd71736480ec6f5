// Command duijie matches patents with the demands of enterprises.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line: one field a subcommand, one file each.
type cli struct {
	Demo     demoCmd     `cmd:"" help:"Load the built-in sample, print matches with reasons, and serve it. 载入内置样例，打印匹配结果与理由，并提供服务。"`
	Serve    serveCmd    `cmd:"" help:"Serve gRPC, HTTP/JSON and metrics. 启动服务。"`
	Import   importCmd   `cmd:"" help:"Import patents or demands from files. 从文件导入专利或需求。"`
	Match    matchCmd    `cmd:"" help:"Rank patents for a demand, or demands for a patent. 为需求找专利，或为专利找需求。"`
	Score    scoreCmd    `cmd:"" help:"Score named pairs without a search. 为指定的需求与专利打分。"`
	Export   exportCmd   `cmd:"" help:"Write records and labels as JSONL. 导出记录与标注。"`
	Status   statusCmd   `cmd:"" help:"Count what is searchable, and list what is not and why. 统计可检索的记录，列出尚不可检索的记录及原因。"`
	Retry    retryCmd    `cmd:"" help:"Try failed records again now. 立即重试失败的记录。"`
	Doctor   doctorCmd   `cmd:"" help:"Verify the data folder, and repair what can be made again. 检查并修复数据目录。"`
	Backup   backupCmd   `cmd:"" help:"Copy the data into one file, also while it is in use. 备份（可在服务运行时进行）。"`
	Restore  restoreCmd  `cmd:"" help:"Put a backup in the place of a data folder. 从备份恢复。"`
	Evaluate evaluateCmd `cmd:"" help:"Measure models on judged pairs, with intervals and tests. 在标注数据上评测模型。"`
	Version  versionCmd  `cmd:"" help:"Print the version. 打印版本。"`
}

// Exit codes besides 0.
const (
	exitFailed   = 1
	exitUsage    = 2
	exitGate     = 3 // the gate of an evaluation did not open
	exitRejected = 4 // some rows were rejected, the others are in
	exitUnsound  = 5 // doctor found problems that are left
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	parser := kong.Must(&cli{}, kong.Name("duijie"),
		kong.Description("Finds the patents that serve a demand, and the enterprises that want a patent. 专利与需求的双向匹配。"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"data": defaultData()})
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "duijie:", err)
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
	}
	fmt.Fprintln(os.Stderr, "duijie:", err)
	return exitFailed
}
