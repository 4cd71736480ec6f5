package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// labelImportCmd is import of labels alone: it opens no index, and it can go
// through a server.
type labelImportCmd struct {
	labelFlags
	Map     map[string]string `help:"Column names: --map demand=需求编号,level=打分. 列名对应。" mapsep:","`
	Format  string            `help:"jsonl, csv, xlsx or parquet; by default what the file's name and content say. 文件格式。" enum:"auto,jsonl,csv,xlsx,parquet" default:"auto"`
	Sheet   string            `help:"Sheet of a workbook; by default the first. 工作表名称。" placeholder:"NAME"`
	Rater   string            `help:"Who judged in rows that do not say so; a running server takes no label without a rater. 未注明标注人的行所用的标注人。" placeholder:"NAME"`
	Force   bool              `help:"Import a file even though its columns are those of another kind. 列名像是另一类数据时仍然导入。" name:"force-kind"`
	Rejects string            `help:"Write rejected rows there in the input's own format, each with its reason (column _reject_reason, which an import ignores), to be corrected and imported again. 将被拒绝的行连同原因（_reject_reason 列，导入时忽略）写入此文件，改正后可再次导入。" type:"path" placeholder:"FILE"`
	Report  string            `help:"Write file, row, field and reason of each rejected row there; as JSON if it ends in .json. 拒绝原因报告。" type:"path" placeholder:"FILE"`
	JSON    bool              `help:"Print the summary as JSON. 以 JSON 输出汇总。" name:"json"`
	Files   []string          `arg:"" help:"Files; - is standard input. 文件。" name:"file"`
}

func (c *labelImportCmd) Run(ctx context.Context) (err error) {
	as := importCmd{langFlag: c.langFlag, Kind: "labels", Map: c.Map, Format: c.Format, Sheet: c.Sheet, Force: c.Force,
		Rejects: c.Rejects, Report: c.Report, JSON: c.JSON, Files: c.Files}
	if err := as.check(); err != nil {
		return err
	}
	k, err := c.keeper(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	return as.withoutIndex(ctx, importJob{labels: k, rater: strings.TrimSpace(c.Rater)})
}

// printLabels says what an import of labels did.
func (c *importCmd) printLabels(s *importSummary) {
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("读取 %d 行：写入标注 %d，尚未填写等级 %d，拒绝 %d；用时 %.1f 秒。\n", s.Rows, s.Labels, s.NotJudged, s.RejectedRows, s.Seconds),
		fmt.Sprintf("%s: %s written, %d not judged yet, %d rejected; %.1f s.\n", match.Counted(s.Rows, "row"), match.Counted(s.Labels, "label"), s.NotJudged, s.RejectedRows, s.Seconds))
	c.printContradictions(s)
	if s.Interrupted {
		say(os.Stderr, c.langFlag, "已中断：以上标注已写入；再次导入同一文件即可继续。\n", "Interrupted: those labels are in; import the file again to go on.\n")
	}
}
