package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/evaluation/report"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/tune"
)

type modelListCmd struct {
	serviceFlags
	JSON bool `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

// Run lists what is built in, and the tuned models of the server or the folder. Before
// anything was imported there is no folder yet, and what is built in is all there is.
func (c *modelListCmd) Run(ctx context.Context) error {
	var got pb.ListModelsResponse
	if c.Server != "" || c.Data != defaultData() || c.holdsData() == nil {
		if err := c.with(ctx, func(r *remote) error { return r.call(ctx, "GET", "/v1/models", nil, nil, &got) }); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(os.Stdout, &got)
	}
	m, err := static.Builtin()
	if err != nil {
		return err
	}
	if err := writeTable(os.Stdout, [][]string{
		c.headers("模型|标识|词条|维数", "MODEL|IDENTITY|ENTRIES|DIMENSIONS"),
		{m.Name(), m.Identity(), strconv.Itoa(m.Size()), strconv.Itoa(m.Dim())},
	}); err != nil {
		return err
	}
	return c.rankers(got.GetModels())
}

func (c *modelListCmd) rankers(models []*pb.Model) error {
	rows := [][]string{c.headers("排序模型|别名|标注|训练产业|登记时间|登记人|备注", "RANKER|ALIASES|LABELS|TRAINED ON SECTORS|ADDED|BY|NOTE")}
	for _, m := range models {
		if m.GetKind() != pb.ModelKind_MODEL_KIND_RANKER {
			continue
		}
		added := ""
		if m.GetCreateTime() != nil {
			added = m.GetCreateTime().AsTime().Local().Format(time.DateTime)
		}
		note := m.GetNote()
		if m.GetUnusableReason() != "" {
			note = "! " + m.GetUnusableReason()
		}
		rows = append(rows, []string{m.GetId(), strings.Join(m.GetAliases(), " "), fmt.Sprint(m.GetLabels()),
			strings.Join(m.GetSectors(), " "), added, m.GetAddedBy(), oneCell.Replace(note)})
	}
	if len(rows) == 1 {
		return nil
	}
	fmt.Println()
	return writeTable(os.Stdout, rows)
}

type modelShowCmd struct {
	serviceFlags
	JSON  bool   `help:"Print one JSON document: of a model that was added as the API answers, of a file its card. 输出 JSON。" name:"json"`
	Model string `arg:"" optional:"" help:"File of a static or a tuned model, or the id or an alias of one that was added; the built-in embedder where none is named. 模型文件、编号或别名。"`
}

func (c *modelShowCmd) Run(ctx context.Context) error {
	_, err := os.Stat(c.Model)
	if c.Model != "" && errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(c.Model, ".static") {
		return c.registered(ctx)
	}
	if file, err := os.ReadFile(c.Model); err == nil && bytes.HasPrefix(file, []byte(tune.Magic)) {
		m, err := tune.Decode(file)
		if err != nil {
			return match.About(c.Model, err)
		}
		if c.JSON {
			return writeJSON(os.Stdout, m.Card)
		}
		fmt.Printf("%s\n\n", m.Identity())
		return writeOutline(os.Stdout, m.Card)
	}
	m, err := openStatic(c.Model)
	if err != nil {
		return err
	}
	if _, err := fmt.Printf("%s\n\n", m.Identity()); err != nil {
		return err
	}
	if m.Card() == "" {
		return &match.Error{Kind: match.NotFound, Record: m.Identity(), Reason: "has no card"}
	}
	_, err = io.WriteString(os.Stdout, m.Card())
	return err
}

// registered shows one that was added.
func (c *modelShowCmd) registered(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.GetModelResponse
		if err := r.call(ctx, "GET", "/v1/models/"+c.Model, nil, nil, &got); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, got.GetModel())
		}
		return printModel(got.GetModel())
	})
}

// printModel prints a model that was added, and its card.
func printModel(m *pb.Model) error {
	card := m.GetCard()
	m.Card = ""
	raw, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		return err
	}
	if err := writeOutline(os.Stdout, json.RawMessage(raw)); err != nil || card == "" {
		return err
	}
	fmt.Println("\ncard:")
	return writeOutline(os.Stdout, json.RawMessage(card))
}

type modelAddCmd struct {
	serviceFlags
	File    string   `arg:"" help:"File that tune wrote. 模型文件。" type:"path"`
	Title   string   `help:"Name for people; else that of the file. 名称。"`
	Parent  string   `help:"Model that it is to follow. 所接替的模型。" placeholder:"ID"`
	Sectors []string `help:"Sectors that it is meant for; by default all. 适用产业。" placeholder:"CODE"`
	By      string   `help:"Who adds it. 由谁登记。" required:"" placeholder:"NAME"`
	Note    string   `help:"Free remark. 备注。"`
}

func (c *modelAddCmd) Run(ctx context.Context) error {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	return c.with(ctx, func(r *remote) error {
		var got pb.AddModelResponse
		req := &pb.AddModelRequest{File: file, Title: c.Title, Parent: c.Parent, Sectors: c.Sectors, By: c.By, Note: c.Note}
		if err := r.call(ctx, "POST", "/v1/models", nil, req, &got); err != nil {
			return match.About(c.File, err)
		}
		m := got.GetModel()
		say(os.Stdout, c.langFlag,
			fmt.Sprintf("已登记 %s（%d 条标注，%d 个需求，SHA-256 %s）。\n", m.GetId(), m.GetLabels(), m.GetDemands(), m.GetSha256()),
			fmt.Sprintf("Added %s (%s of %s, SHA-256 %s).\n", m.GetId(), match.Counted(m.GetLabels(), "label"), match.Counted(m.GetDemands(), "demand"), m.GetSha256()))
		return nil
	})
}

type modelTuneCmd struct {
	serviceFlags
	Name    string   `help:"Name of the model. 模型名称。" required:"" placeholder:"NAME"`
	Sectors []string `help:"Learn from labels of these sectors' demands alone. 只用这些产业的标注。" placeholder:"CODE"`
	Parent  string   `help:"Model that it is to follow. 所接替的模型。" placeholder:"ID"`
	Seed    int64    `help:"Seed of all that is random. 随机种子。" default:"1"`
	By      string   `help:"Who asks. 由谁发起。" placeholder:"NAME"`
	Note    string   `help:"Free remark. 备注。"`
	Tenant  string   `help:"Tenant. 租户。" default:"default"`
}

// Run trains from stored labels that are not frozen, and adds the model.
func (c *modelTuneCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var begun pb.TuneResponse
		req := &pb.TuneRequest{Tenant: c.Tenant, Name: c.Name, Seed: c.Seed, Sectors: c.Sectors, Parent: c.Parent, By: c.By, Note: c.Note}
		if err := r.call(ctx, "POST", "/v1/models:tune", nil, req, &begun); err != nil {
			return err
		}
		op, err := r.followed(ctx, begun.GetOperation())
		if err != nil {
			return err
		}
		m := op.GetTune().GetModel()
		say(os.Stdout, c.langFlag, fmt.Sprintf("已训练并登记 %s（%d 条标注）。\n", m.GetId(), m.GetLabels()), fmt.Sprintf("Trained and added %s (%s).\n", m.GetId(), match.Counted(m.GetLabels(), "label")))
		for _, w := range op.GetTune().GetWarnings() {
			say(os.Stdout, c.langFlag, "注意："+w.GetZh()+"\n", "warning: "+w.GetEn()+"\n")
		}
		return nil
	})
}

type modelHistoryCmd struct {
	serviceFlags
	Alias string `arg:"" optional:"" help:"Of this alias alone. 只列此别名。"`
	Limit int    `help:"At most so many. 最多列出多少条。" short:"n" default:"50"`
	JSON  bool   `help:"Print one JSON document, as the API answers. 输出 JSON。" name:"json"`
}

// Run tells what was in production when, by whom and why.
func (c *modelHistoryCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(r *remote) error {
		var got pb.ListModelChangesResponse
		query := url.Values{"alias": {c.Alias}, "page_size": {fmt.Sprint(min(c.Limit, 500))}}
		if err := r.call(ctx, "GET", "/v1/modelChanges", query, nil, &got); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, &got)
		}
		for _, ch := range got.GetChanges() {
			c.printChange(ch)
		}
		return nil
	})
}

var actionsZH = map[string]string{
	registry.Promoted: "上线", registry.RolledBack: "回退", registry.PilotBegun: "试点", registry.PilotEnded: "试点结束", registry.Retired: "停用",
	registry.Refused: "未通过", registry.Cleared: "复测通过",
}

func (c *modelHistoryCmd) printChange(ch *pb.ModelChange) {
	none := c.pick(match.LocalText{ZH: "（无）", EN: "(none)"})
	or := func(s string) string {
		if s == "" {
			return none
		}
		return s
	}
	action := ch.GetAction()
	if c.chinese() {
		action = cmp.Or(actionsZH[action], action)
	}
	fmt.Printf("%d  %s  %s  %s: %s → %s\n    %s: %s\n", ch.GetNumber(), ch.GetTime().AsTime().Local().Format(time.DateTime), action, ch.GetAlias(), or(ch.GetBefore()), or(ch.GetNow()), ch.GetBy(), ch.GetReason())
	for _, check := range ch.GetDecision().GetChecks() {
		printCheck(c.langFlag, check)
	}
}

func printCheck(lang langFlag, c *pb.GateCheck) { writeCheck(os.Stdout, lang, c) }

func writeCheck(w io.Writer, lang langFlag, c *pb.GateCheck) {
	verdict, o := c.GetVerdict(), c.GetOverride()
	if o != nil { // it did not pass by what was measured
		verdict = "override"
	}
	word, reason := verdict, c.GetReason()
	if lang.chinese() {
		word, reason = cmp.Or(verdictZH[verdict], verdict), cmp.Or(c.GetReasonText().GetZh(), report.InChinese(reason))
	}
	fmt.Fprintf(w, "    %s  %s: %s\n", pad(word, 9), c.GetName(), reason)
	if o != nil {
		say(w, lang, fmt.Sprintf("               放行：%s：%s\n", o.GetBy(), o.GetReason()), fmt.Sprintf("               override: %s: %s\n", o.GetBy(), o.GetReason()))
	}
}

var verdictZH = map[string]string{"pass": "通过", "fail": "不通过", "undecided": "未定", "override": "人工放行"}
