package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

type importCmd struct {
	dataFlags
	langFlag
	Server  string            `help:"Read and check the files here and write to a running server, such as http://localhost:7601, instead of the folder. 在本机读取并校验文件，写入正在运行的服务。" placeholder:"URL"`
	Kind    string            `help:"patents, demands or labels. 专利、需求或标注。" enum:"patents,demands,labels" required:""`
	Map     map[string]string `help:"Column names: --map title=专利名称,number=公开号. 列名对应。" mapsep:","`
	Format  string            `help:"jsonl, csv, xlsx or parquet; by default what the file's name and content say. 文件格式。" enum:"auto,jsonl,csv,xlsx,parquet" default:"auto"`
	Sheet   string            `help:"Sheet of a workbook; by default the first whose header has the kind's fields. 工作表名称；默认取首个表头相符的工作表。" placeholder:"NAME"`
	Force   bool              `help:"Import a file even though its columns are those of another kind. 列名像是另一类数据时仍然导入。" name:"force-kind"`
	Resume  bool              `help:"Go on where an import of the same file was ended. 从上次中断处继续。"`
	Rejects string            `help:"Write rejected rows there in the input's own format, each with its reason (column _reject_reason, which an import ignores), to be corrected and imported again. 将被拒绝的行连同原因（_reject_reason 列，导入时忽略）写入此文件，改正后可再次导入。" type:"path" placeholder:"FILE"`
	Report  string            `help:"Write file, row, field and reason of each rejected row there; as JSON if it ends in .json. 拒绝原因报告。" type:"path" placeholder:"FILE"`
	JSON    bool              `help:"Print the summary as JSON. 以 JSON 输出汇总。" name:"json"`
	Files   []string          `arg:"" help:"Files; - is standard input. 文件。" name:"file"`
	Ack     string            `help:"Append the number of rows that are on disk, after each batch." hidden:"" type:"path" placeholder:"FILE"`
}

func (c *importCmd) Run(ctx context.Context) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	if c.Server != "" {
		return c.throughServer(ctx)
	}
	in, err := c.openAsIs(ctx)
	if errors.Is(err, sqlite.ErrLocked) {
		return folderInUse(err)
	}
	if err != nil {
		return err
	}
	defer in.Close()
	records := folderRecords{in.Catalog, in.Store}
	return c.run(ctx, importJob{records: records, newest: records.newest, labels: folderLabels{in.Store}, journals: filepath.Join(c.Data, "imports")})
}

// throughServer reads and checks the files here and leaves the writing to a server.
func (c *importCmd) throughServer(ctx context.Context) error {
	if c.Resume {
		return match.Invalidf("--resume", "is not for --server: import the file again, and what is in is unchanged")
	}
	records, err := newServerRecords(c.Server)
	if err != nil {
		return err
	}
	return c.run(ctx, importJob{records: records, labels: &serverLabels{records.remote}})
}

// run runs a job, and waits until its records are searchable.
func (c *importCmd) run(ctx context.Context, job importJob) (err error) {
	acks, err := openAcks(c.Ack)
	if err != nil {
		return err
	}
	defer acks.Close()
	began := time.Now()
	job.acks, job.resume, job.rejects, job.lang, job.summary, job.bar = acks, c.Resume, c.Rejects, c.langFlag, newImportSummary(), progress()
	if job.report, err = newReportFile(c.Report); err != nil {
		return err
	}
	err = job.files(ctx, c.Files, c.options())
	if err == nil && !job.summary.Interrupted {
		err = job.records.await(ctx)
		job.summary.Searchable = err == nil
		if ctx.Err() != nil {
			job.summary.Interrupted, err = true, nil
		}
	}
	_ = job.bar.Finish()
	job.summary.Seconds = time.Since(began).Seconds()
	return errors.Join(err, job.report.commit(&job.summary), c.print(&job.summary, err))
}

// withoutIndex runs a job whose rows are no records: nothing has to become searchable.
func (c *importCmd) withoutIndex(ctx context.Context, job importJob) (err error) {
	began := time.Now()
	job.acks, job.rejects, job.lang, job.summary, job.bar = &acks{}, c.Rejects, c.langFlag, newImportSummary(), progress()
	if job.report, err = newReportFile(c.Report); err != nil {
		return err
	}
	err = job.files(ctx, c.Files, c.options())
	_ = job.bar.Finish()
	job.summary.Seconds = time.Since(began).Seconds()
	job.summary.Searchable = true
	return errors.Join(err, job.report.commit(&job.summary), c.print(&job.summary, err))
}

// check refuses outputs that would overwrite an input.
func (c *importCmd) check() error {
	for _, out := range []string{c.Rejects, c.Report} {
		to, err := os.Stat(out)
		if out == "" || err != nil {
			continue
		}
		for _, file := range c.Files {
			if from, err := os.Stat(file); err == nil && os.SameFile(from, to) {
				return match.Invalidf("--rejects, --report", out+" is an input too; name another file")
			}
		}
	}
	return nil
}

func (c *importCmd) options() ingest.Options {
	o := ingest.Options{Kind: match.PatentKind, Today: match.DateOf(time.Now()), Map: c.Map, Sheet: c.Sheet, ForceKind: c.Force}
	switch c.Kind {
	case "demands":
		o.Kind = match.DemandKind
	case "labels":
		o.Kind = ingest.LabelKind
	case "events":
		o.Kind = ingest.EventKind
	}
	if c.Format != "auto" {
		o.Format = ingest.Format(c.Format)
	}
	return o
}

// print says what was done. After a failure it says what is in, and the failure
// itself is said by the caller.
func (c *importCmd) print(s *importSummary, failed error) error {
	for _, r := range s.Rejected[:min(len(s.Rejected), shownRejects)] {
		fmt.Fprintln(os.Stderr, c.pick(r.words))
	}
	if more := s.RejectedRows - min(len(s.Rejected), shownRejects); more > 0 {
		say(os.Stderr, c.langFlag, fmt.Sprintf("另有 %d 行被拒绝；--report 可列出全部。\n", more), fmt.Sprintf("%d more rejected; --report lists all.\n", more))
	}
	warnMissing(c.langFlag, s)
	if c.JSON {
		if err := writeJSON(os.Stdout, s); err != nil {
			return err
		}
	} else if failed == nil || s.Rows > 0 {
		c.printText(s)
	}
	switch {
	case failed != nil:
		return nil
	case s.Interrupted:
		return exitError{exitInterrupted}
	case s.RejectedRows > 0:
		return exitError{exitRejected}
	}
	return nil
}

// shownRejects is how many rejected rows are shown on a terminal.
const shownRejects = 50

func (c *importCmd) printText(s *importSummary) {
	switch c.Kind {
	case "labels":
		c.printLabels(s)
		return
	case "events":
		c.printEvents(s)
		return
	}
	zh, en := "写入完毕，索引将在下次启动时继续", "their indexing goes on with the next start"
	if c.Server != "" {
		zh, en = "写入完毕，由服务继续建立索引", "the server goes on with their indexing"
	}
	if s.Searchable {
		zh, en = "均可检索", "all searchable"
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("读取 %d 行：新增 %d，更新 %d，未变 %d，下架 %d，标注 %d，拒绝 %d；用时 %.1f 秒，%s。\n", s.Rows, s.Created, s.Updated, s.Unchanged, s.Withdrawn, s.Labels, s.RejectedRows, s.Seconds, zh),
		fmt.Sprintf("%s: %d new, %d updated, %d unchanged, %d withdrawn, %s, %d rejected; %.1f s, %s.\n", match.Counted(s.Rows, "row"), s.Created, s.Updated, s.Unchanged, s.Withdrawn, match.Counted(s.Labels, "label"), s.RejectedRows, s.Seconds, en))
	if s.Resumed > 0 {
		say(os.Stdout, c.langFlag, fmt.Sprintf("其中 %d 行上次已写入。\n", s.Resumed), fmt.Sprintf("%d of them in from the time before.\n", s.Resumed))
	}
	if len(s.KeptAsAttributes) > 0 {
		names := strings.Join(slices.Sorted(maps.Keys(s.KeptAsAttributes)), ", ")
		say(os.Stdout, c.langFlag, "没有对应字段、作为附加属性保留的列："+names+"\n", "Columns without a field of their own, kept as attributes: "+names+"\n")
	}
	c.printValues(s.UnknownValues,
		"%d 行的 %s 取值无法用该字段表示（如 %s），已保留为附加属性；按该字段筛选时找不到这些记录。\n",
		"%s with a value of %s that the field has no form for (such as %s); it is kept as an attribute, and filters of that field do not find the records.\n")
	c.printValues(s.ShortenedValues,
		"%d 行的 %s 只记到代码所指的一级，更细的部分已舍去：%s。\n",
		"%s with a value of %s of which only what has a code is kept, and the rest dropped: %s.\n")
	c.printWithheld(s)
	c.printRepeated(s)
	c.printFlags(s)
	switch {
	case s.Interrupted && c.Server != "":
		say(os.Stderr, c.langFlag, "已中断：以上各行已写入；再次导入同一文件即可继续。\n", "Interrupted: the rows above are in; import the file again to go on.\n")
	case s.Interrupted:
		say(os.Stderr, c.langFlag, "已中断：以上各行已写入；加 --resume 再次运行可继续。\n", "Interrupted: the rows above are in; run again with --resume to go on.\n")
	}
}

// printValues says a line for each field with such values, of which the formats take the
// rows, the field and the first of them.
func (c *importCmd) printValues(of map[string]ingest.Values, zh, en string) {
	for _, field := range slices.Sorted(maps.Keys(of)) {
		v := of[field]
		first := strings.Join(v.First, ", ")
		say(os.Stdout, c.langFlag, fmt.Sprintf(zh, v.Rows, field, first), fmt.Sprintf(en, match.Counted(v.Rows, "row"), field, first))
	}
}

// printWithheld says what the other side does not see because of a column, and what it sees.
func (c *importCmd) printWithheld(s *importSummary) {
	if len(s.WithheldBecause) > 0 {
		columns := counted(s.WithheldBecause)
		say(os.Stdout, c.langFlag,
			"以下列使需求的附加属性（“是否保密”还使企业名称）对专利方保密，可用 confidential_fields 更改："+columns+"。\n",
			"Columns because of which attributes of demands (and the enterprise's name, where the column says that the demand is confidential) are kept from holders, until confidential_fields is changed: "+columns+".\n")
	}
	if len(s.ContactsShown) > 0 {
		columns := counted(s.ContactsShown)
		say(os.Stdout, c.langFlag,
			"含联系方式的列："+columns+"。专利的附加属性需求方可见；不愿公开请删去后重新导入。\n",
			"Columns with data of contact: "+columns+". Attributes of patents are seen by enterprises; take the columns out and import again where that is not meant.\n")
	}
}

// counted lists names with their counts.
func counted(names map[string]int) string {
	out := make([]string, 0, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, fmt.Sprintf("%s (%d)", name, names[name]))
	}
	return strings.Join(out, ", ")
}

// printFlags says how many demands look as if nothing could be matched with them.
func (c *importCmd) printFlags(s *importSummary) {
	for _, f := range intake.Flags {
		if n := s.DemandFlags[f]; n > 0 {
			say(os.Stdout, c.langFlag,
				fmt.Sprintf("%d 条需求疑似有问题：%s。用 duijie intake --demand 编号 查看。\n", n, f.Words().ZH),
				fmt.Sprintf("%s to look at: %s. See duijie intake --demand ID.\n", match.Counted(n, "demand"), f.Words().EN))
		}
	}
}
