package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// eventCmd is what the parties do with answers: in and out.
type eventCmd struct {
	Import eventImportCmd `cmd:"" help:"Import events from files. 从文件导入事件。"`
	List   eventListCmd   `cmd:"" help:"List events. 列出事件。"`
}

// eventFlags say where the events are.
type eventFlags struct {
	dataFlags
	langFlag
	Server string `help:"Write to and read from a running server, such as http://localhost:7601, instead of the folder. 使用正在运行的服务。" placeholder:"URL"`
}

func (f *eventFlags) keeper(ctx context.Context, readOnly bool) (eventKeeper, error) {
	if f.Server != "" {
		return newServerEvents(f.Server)
	}
	s, err := openStoreAlone(ctx, f.dataFlags, readOnly)
	if err != nil {
		return nil, err
	}
	return folderEvents{s}, nil
}

// openStoreAlone opens the store without what makes records searchable.
func openStoreAlone(ctx context.Context, f dataFlags, readOnly bool) (store.Store, error) {
	c, err := f.config(ctx)
	if err != nil {
		return nil, err
	}
	c.ReadOnly = readOnly
	s, err := instance.OpenStore(ctx, c)
	if errors.Is(err, sqlite.ErrLocked) {
		return nil, folderInUse(err)
	}
	return s, err
}

// folderInUse tells how to do the same through the process that has the folder.
func folderInUse(locked error) error {
	return &match.Error{Kind: match.Conflict, Reason: "a running Duijie has the folder open; reach it with --server http://localhost:7601", Err: locked}
}

// eventImportCmd opens no index, and can go through a server.
type eventImportCmd struct {
	eventFlags
	Map     map[string]string `help:"Column names: --map type=行为,demand_id=需求. 列名对应。" mapsep:","`
	Format  string            `help:"jsonl, csv, xlsx or parquet; by default what the file's name and content say. 文件格式。" enum:"auto,jsonl,csv,xlsx,parquet" default:"auto"`
	Sheet   string            `help:"Sheet of a workbook; by default the first. 工作表名称。" placeholder:"NAME"`
	Force   bool              `help:"Import a file even though its columns are those of another kind. 列名像是另一类数据时仍然导入。" name:"force-kind"`
	Rejects string            `help:"Write rejected rows there in the input's own format, to be corrected and imported again. 将被拒绝的行写入此文件，改正后可再次导入。" type:"path" placeholder:"FILE"`
	Report  string            `help:"Write file, row, field and reason of each rejected row there; as JSON if it ends in .json. 拒绝原因报告。" type:"path" placeholder:"FILE"`
	JSON    bool              `help:"Print the summary as JSON. 以 JSON 输出汇总。" name:"json"`
	Files   []string          `arg:"" help:"Files; - is standard input. 文件。" name:"file"`
}

func (c *eventImportCmd) Run(ctx context.Context) (err error) {
	as := importCmd{langFlag: c.langFlag, Kind: "events", Map: c.Map, Format: c.Format, Sheet: c.Sheet, Force: c.Force,
		Rejects: c.Rejects, Report: c.Report, JSON: c.JSON, Files: c.Files}
	if err := as.check(); err != nil {
		return err
	}
	k, err := c.keeper(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	return as.withoutIndex(ctx, importJob{events: k})
}

// printEvents says what an import of events did.
func (c *importCmd) printEvents(s *importSummary) {
	zh, en := "", ""
	if s.EventsSaidShown > 0 {
		zh = fmt.Sprintf("，其中 %d 条文件称已核对，此处无从查证，记为“来源称已核对”", s.EventsSaidShown)
		en = fmt.Sprintf(" (%d of them shown as the file says, which cannot be looked up here: said_shown)", s.EventsSaidShown)
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("读取 %d 行：新增事件 %d，此前已有 %d，拒绝 %d；其中 %d 条所指的匹配结果已不在库中或未指明%s；用时 %.1f 秒。\n", s.Rows, s.Created, s.Unchanged, s.RejectedRows, s.EventsUnproven, zh, s.Seconds),
		fmt.Sprintf("%s: %s written, %d there before, %d rejected; %d whose answer is not kept or not named%s; %.1f s.\n", match.Counted(s.Rows, "row"), match.Counted(s.Created, "event"), s.Unchanged, s.RejectedRows, s.EventsUnproven, en, s.Seconds))
	if s.Interrupted {
		say(os.Stderr, c.langFlag, "已中断：以上事件已写入；再次导入同一文件可继续，不会重复计入。\n", "Interrupted: those events are in; import the file again to go on: none is counted twice.\n")
	}
}

type eventListCmd struct {
	eventFlags
	Request string `help:"Of this request alone. 只列此请求。" placeholder:"ID"`
	Demand  string `help:"Of this demand alone. 只列此需求。" placeholder:"ID"`
	Patent  string `help:"Of this patent alone. 只列此专利。" placeholder:"NUMBER"`
	Type    string `help:"Of this type alone, such as contact. 只列此类事件。" enum:",impression,view,save,contact,reply,rejection,negotiation,licence,contract" default:"" placeholder:"TYPE"`
	Tenant  string `help:"Tenant. 租户。" default:"default"`
	Limit   int    `help:"At most so many; 0 is all. 最多列出多少条。" short:"n"`
	JSON    bool   `help:"Print one JSON document, which can be imported again. 输出 JSON。" name:"json" xor:"form"`
	Lines   bool   `help:"Print one JSON object a line, as export --kind events does. 每行输出一个 JSON，与导出相同。" xor:"form"`
}

func (c *eventListCmd) Run(ctx context.Context) error {
	k, err := c.keeper(ctx, true)
	if err != nil {
		return err
	}
	defer k.Close()
	w := bufio.NewWriter(os.Stdout)
	n := 0
	list := jsonList{w: w, name: "events"}
	q := store.EventQuery{Tenant: c.Tenant, Request: c.Request, Demand: c.Demand, Patent: match.NormaliseNumber(c.Patent), Type: match.EventType(c.Type), Limit: labelPage}
	err = k.list(ctx, q, func(e match.Event) error {
		if c.Limit > 0 && n == c.Limit {
			return errEnough
		}
		n++
		switch {
		case c.JSON:
			return list.add(&e)
		case c.Lines:
			return writeEvent(w, &e)
		}
		return c.row(w, n, &e)
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	switch {
	case c.JSON:
		list.end()
	case n == 0 && !c.Lines:
		say(w, c.langFlag, "没有事件。\n", "No events.\n")
	}
	return w.Flush()
}

func (c *eventListCmd) row(w io.Writer, n int, e *match.Event) error {
	if n == 1 {
		say(w, c.langFlag, "时间\t需求\t专利\t行为方\t事件\t位次\t评分\t原因\t请求\t核对\t备注\n", "time\tdemand\tpatent\tside\ttype\trank\trating\treason\trequest\tproof\tnote\n")
	}
	_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Format(time.RFC3339), e.Demand, e.Patent, c.pick(sideWords[e.Side]), c.pick(e.Type.Words()),
		given(e.Rank), given(e.Rating), c.pick(e.Reason.Words()), e.Request, c.pick(e.Proof.Words()), oneCell.Replace(e.Note))
	return err
}

var sideWords = map[match.Kind]match.LocalText{
	match.PatentKind: {ZH: "专利权人", EN: "patent"}, match.DemandKind: {ZH: "企业", EN: "demand"},
}

// given writes a number whose 0 says that there is none.
func given(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// writeEvent writes an event as import reads it.
func writeEvent(w io.Writer, e *match.Event) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(e)
}

// exportEvents writes the events of all tenants.
func exportEvents(ctx context.Context, s store.Store, w io.Writer) error {
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		q := store.EventQuery{Tenant: tenant, Limit: exportPage}
		if err := eachEvent(ctx, s, q, func(e match.Event) error { return writeEvent(w, &e) }); err != nil {
			return err
		}
	}
	return nil
}
