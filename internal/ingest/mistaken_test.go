package ingest

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/duijie/duijie/internal/match"
)

func TestAFileOfTheOtherKindIsRefusedUnlessItIsForced(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		kind                match.Kind
		own                 bool
	}{
		{"demands as patents", "a.csv", "id,title,企业名称,预算\n1,t,甲,5万\n", match.PatentKind, false},
		{"demands by Chinese names", "a.csv", "需求编号,需求名称,需求内容\nD1,t,x\n", match.PatentKind, false},
		{"patents as demands", "a.csv", "专利号,标题,摘要,申请人\n1,t,a,b\n", match.DemandKind, false},
		{"demands as patents in JSON", "a.jsonl", `{"id":"1","title":"t"}` + "\n" + `{"id":"2","title":"t","enterprise":{"name":"甲"}}` + "\n", match.PatentKind, false},
		{"patents as demands in an array", "a.json", `[{"id":"1","title":"t","ipc":["H01M"]}]`, match.DemandKind, false},
		{"labels as patents", "a.jsonl", `{"demand_id":"1","patent_number":"2","level":3,"rater":"r"}`, match.PatentKind, false},
		{"one foreign column among own ones", "a.csv", "专利号,标题,摘要,企业名称\n1,t,a,b\n", match.PatentKind, true},
		{"what both kinds have", "a.jsonl", `{"id":"1","title":"t","text":"x"}`, match.PatentKind, true},
		{"no row", "a.jsonl", "", match.DemandKind, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(c.content), c.file, Options{Kind: c.kind})
			if c.own != (err == nil) || err != nil && !strings.Contains(err.Error(), "--force-kind") {
				t.Errorf("error %v", err)
			}
			if _, err := NewReader(strings.NewReader(c.content), c.file, Options{Kind: c.kind, ForceKind: true}); err != nil && strings.Contains(err.Error(), "--force-kind") {
				t.Error("forced: ", err)
			}
		})
	}
	_, err := NewReader(strings.NewReader("id,title,企业名称\n"), "a.csv", Options{Kind: match.PatentKind})
	want := match.LocalText{
		ZH: "a.csv：kind：像是需求而不是专利：属于前者的列有 企业名称，属于后者的只有 （无）；请改用 duijie import --kind demands 导入，若确实如此请加 --force-kind",
		EN: "a.csv: kind: holds demands rather than patents: of its columns 企业名称 are fields of the former and none of the latter; import it with duijie import --kind demands, or add --force-kind if it is meant so",
	}
	if diff := cmp.Diff(want, match.Localised(err)); diff != "" {
		t.Error(diff)
	}
}

func TestRowsThatWereLookedAtForTheirNamesComeOnce(t *testing.T) {
	var content strings.Builder
	for range namesWithin + 5 {
		content.WriteString(`{"id":"1","title":"t"}` + "\n\n")
	}
	content.WriteString("{")
	r, err := NewReader(strings.NewReader(content.String()), "a.jsonl", Options{Kind: match.PatentKind})
	if err != nil {
		t.Fatal(err)
	}
	if rows := rowsOf(t, r); len(rows) != namesWithin+6 || rows[0].Line != 1 || rows[namesWithin+4].Line != 2*namesWithin+9 || rows[namesWithin+5].Err == nil {
		t.Errorf("%d rows", len(rows))
	}
}

func TestEveryFaultOfARowIsNamed(t *testing.T) {
	rows, _ := readAll(t, "a.csv", "专利号,标题,申请日,法律状态,技术成熟度,IPC,许可费\nCN 1,,昨天,送,12,H01M;?;!,很多\n", Options{Kind: match.PatentKind})
	e, ok := rows[0].Err.(*match.Error)
	if !ok {
		t.Fatal(rows[0].Err)
	}
	var got []string
	for _, fault := range e.All() {
		got = append(got, fault.Field+"："+fault.Why().ZH)
	}
	want := []string{
		`filing_date："昨天" 不是日期（例如 2021-03-12）`,
		`legal_status："送" 不是可选值之一（审查中 pending、有效 granted、失效 lapsed、届满 expired、宣告无效 revoked、驳回 rejected、撤回 withdrawn）`,
		`ipc[1]："?" 不是 IPC 分类号（例如 "H01M 10/0525"）`,
		`ipc[2]："!" 不是 IPC 分类号（例如 "H01M 10/0525"）`,
		`fee："很多" 不是金额（例如 50万元、10-20万）`,
		`number："CN 1" 含有空白或控制字符`,
		`title：不能为空`,
		`readiness：12 不在 0 到 9 之间`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e.Record != "a.csv, line 2" {
		t.Error(e.Record)
	}
}

func TestTheFirstSheetOfTheKindIsReadAndTheOthersAreNamed(t *testing.T) {
	content := bookOf(t, func(f *excelize.File) {
		for _, sheet := range []struct {
			name   string
			header []any
			row    []any
		}{
			{"需求", []any{"需求编号", "需求名称", "企业名称"}, []any{"D1", "t", "甲"}},
			{"专利", []any{"专利号", "标题", "摘要"}, []any{"P1", "t", "a"}},
			{"专利（旧）", []any{"专利号", "标题", "摘要"}, []any{"P0", "t", "a"}},
			{"空", nil, nil},
		} {
			if _, err := f.NewSheet(sheet.name); err != nil {
				t.Fatal(err)
			}
			if sheet.header == nil {
				continue
			}
			for i, row := range [][]any{sheet.header, sheet.row} {
				if err := f.SetSheetRow(sheet.name, "A"+string(rune('1'+i)), &row); err != nil {
					t.Fatal(err)
				}
			}
		}
	}, []any{"说明"}, []any{"请在各表填写"})
	for _, c := range []struct {
		kind        match.Kind
		sheet, want string
		skipped     []string
	}{
		{match.PatentKind, "", "P1", []string{"Sheet1", "需求", "专利（旧）", "空"}},
		{match.DemandKind, "", "D1", []string{"Sheet1", "专利", "专利（旧）", "空"}},
		{match.PatentKind, "专利（旧）", "P0", []string{"Sheet1", "需求", "专利", "空"}},
	} {
		r, err := NewReader(strings.NewReader(content), "a.xlsx", Options{Kind: c.kind, Sheet: c.sheet})
		if err != nil {
			t.Fatal(err)
		}
		rows := rowsOf(t, r)
		if len(rows) != 1 || rows[0].Record.ID != c.want {
			t.Errorf("%s %q: %+v", c.kind, c.sheet, rows)
		}
		if diff := cmp.Diff(c.skipped, r.Skipped()); diff != "" {
			t.Error(diff)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := NewReader(strings.NewReader(content), "a.xlsx", Options{Kind: LabelKind})
	if err == nil || err == io.EOF {
		t.Error("a workbook without labels is read for labels")
	}
}
