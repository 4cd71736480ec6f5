package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/duijie/duijie/internal/match"
)

const faulty = "专利号,标题,申请日,技术成熟度\nCN1,好,2021-03-12,3\nCN 2,,昨天,12\n"

func TestReportsNameEveryFaultInTheLanguageOfTheReader(t *testing.T) {
	file, dir := fileOf(t, "p.csv", faulty), t.TempDir()
	tab, doc := filepath.Join(dir, "r.tsv"), filepath.Join(dir, "r.json")
	wantExit(t, exitRejected, "import", "--data", t.TempDir(), "--kind", "patents", "--lang", "zh", "--report", tab, file)
	want := "file\trow\tfield\treason\n" +
		file + "\t3\tfiling_date\t\"昨天\" 不是日期（例如 2021-03-12）\n" +
		file + "\t3\tnumber\t\"CN 2\" 含有空白或控制字符\n" +
		file + "\t3\ttitle\t不能为空\n" +
		file + "\t3\treadiness\t12 不在 0 到 9 之间\n"
	if diff := cmp.Diff(want, contentOf(t, tab)); diff != "" {
		t.Error(diff)
	}
	wantExit(t, exitRejected, "import", "--data", t.TempDir(), "--kind", "patents", "--lang", "en", "--report", doc, file)
	var report struct{ Rejected []rejectedRow }
	if err := json.Unmarshal([]byte(contentOf(t, doc)), &report); err != nil || len(report.Rejected) != 1 {
		t.Fatal(err, report)
	}
	row := report.Rejected[0]
	if len(row.Faults) != 4 || row.Field != "filing_date" || row.Faults[2].Field != "title" || row.Faults[2].Reason.ZH != "不能为空" || row.Faults[2].Reason.EN != "is empty" {
		t.Errorf("%+v", row)
	}
}

func TestASummaryTellsOfUnknownValuesAndSkippedSheets(t *testing.T) {
	book := excelize.NewFile()
	for i, sheet := range []string{"Sheet1", "专利"} {
		if i > 0 {
			if _, err := book.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, row := range [][]any{{"专利号", "标题", "地区"}, {"CN1", "a", "火星"}, {"CN2", "b", "浙江"}, {"CN3", "c", "月亮"}} {
		if err := book.SetSheetRow("专利", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "p.xlsx")
	if err := book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	got := summaryOf(t, t.TempDir(), file)
	if u := got.UnknownValues["region"]; u.Rows != 2 || !cmp.Equal(u.First, []string{"火星", "月亮"}) {
		t.Errorf("unknown values %+v", got.UnknownValues)
	}
	if diff := cmp.Diff(map[string][]string{file: {"Sheet1"}}, got.SkippedSheets); diff != "" {
		t.Error(diff)
	}
	if len(got.KeptAsAttributes) != 0 {
		t.Errorf("columns without a field: %v", got.KeptAsAttributes)
	}
}

func TestASummaryNamesTheFilesWithoutRows(t *testing.T) {
	for name, content := range map[string]string{"e.jsonl": "\n\n", "e.csv": "专利号,标题\n"} {
		file := fileOf(t, name, content)
		if got := summaryOf(t, t.TempDir(), file); !cmp.Equal(got.EmptyFiles, []string{file}) {
			t.Errorf("%s: %v", name, got.EmptyFiles)
		}
	}
	file := fileOf(t, "p.csv", "专利号,标题\nCN1,a\n")
	if got := summaryOf(t, t.TempDir(), file); got.EmptyFiles != nil {
		t.Errorf("a file with a row: %v", got.EmptyFiles)
	}
}

func TestAFileOfTheOtherKindIsRefusedOnTheCommandLine(t *testing.T) {
	data, file := t.TempDir(), fileOf(t, "d.csv", "id,title,企业名称\nD1,t,甲\n")
	wantExit(t, exitFailed, "import", "--data", data, "--kind", "patents", file)
	wantExit(t, 0, "import", "--data", data, "--kind", "patents", "--force-kind", file)
	wantExit(t, 0, "import", "--data", data, "--kind", "demands", file)
}

func TestAddressesThatAreTakenAreNamedWithTheirFlag(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := serveCmd{GRPC: "127.0.0.1:0", Listen: taken.Addr().String(), Metrics: "127.0.0.1:0"}
	_, err = c.listen()
	words := match.Localised(err)
	if !strings.Contains(words.EN, "--listen "+c.Listen+": is in use by another program") || !strings.Contains(words.ZH, "已被其他程序占用") {
		t.Error(words)
	}
}

func TestWithoutAHomeFolderTheDataMustBeNamed(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_DATA_HOME", "")
	t.Chdir(t.TempDir())
	file := fileOf(t, "p.csv", "专利号,标题\nCN1,t\n")
	wantExit(t, exitUsage, "import", "--kind", "patents", file)
	wantExit(t, exitUsage, "backup", "--out", t.TempDir())
	wantExit(t, 0, "version")
	wantExit(t, 0, "import", "--data", "here", "--kind", "patents", file)
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != 1 || entries[0].Name() != "here" {
		t.Errorf("made %v, %v", entries, err)
	}
}

func TestWrongArgumentsAreToldInBothLanguages(t *testing.T) {
	for args, want := range map[string]string{
		"import x.csv":                    "缺少参数：--kind=STRING",
		"import --kind patents --foo x":   "未知参数 --foo",
		"import --kind people x":          `--kind 须为 "patents","demands","labels" 之一，而不是 "people"`,
		"match --demand":                  "缺少取值",
		"exportt":                         "没有 exportt 这个命令；相近的有 \"export\"",
		"frobnicate":                      "没有 frobnicate 这个命令",
		"label frob":                      "没有 frob 这个命令",
		"version more":                    "多余的参数 more",
		"match":                           "缺少参数：--demand=ID 或 --patent=NUMBER 或",
		"match --demand 1 --min-budget a": "不是",
		"match --demand 1 --limit a":      `--limit："a" 不是整数`,
		"match --demand 1 --limit -1":     "--limit 缺少取值；若取值是 -1，请写成 --limit=-1",
		"match --demand 1 --limit --json": `--limit："--json" 不是整数`,
		"label import --map level x":      `不是 名称=值 的形式`,
	} {
		_, err := newParser().Parse(strings.Fields(args))
		if err == nil {
			t.Errorf("%s: no error", args)
			continue
		}
		if got := usageText(err); !strings.Contains(got.ZH, want) || strings.Contains(got.EN, "unexpected argument") != strings.Contains(got.ZH, "多余的参数") {
			t.Errorf("%s: %+v", args, got)
		}
	}
	if langOf([]string{"match", "--lang", "zh"}).Lang != "zh" || langOf([]string{"--lang=en"}).Lang != "en" || langOf([]string{"--lang", "fr"}).Lang != "auto" {
		t.Error("the language of the arguments is not found")
	}
}

func TestLabelsOfATenantWithoutRecordsAreExported(t *testing.T) {
	data, out := t.TempDir(), t.TempDir()
	file := fileOf(t, "l.jsonl", `{"tenant":"lab","demand_id":"D1","patent_number":"CN1","level":3,"rater":"r"}`+"\n")
	wantExit(t, 0, "import", "--data", data, "--kind", "labels", file)
	wantExit(t, 0, "export", "--data", data, "--kind", "all", "--out", out)
	if got := contentOf(t, filepath.Join(out, "labels.jsonl")); !strings.Contains(got, `"tenant":"lab"`) {
		t.Errorf("exported %q", got)
	}
}

func TestASummaryTellsWhatIsWithheldAndWhatIsDroppedInBothLanguages(t *testing.T) {
	demands := fileOf(t, "d.csv", "需求编号,需求名称,企业名称,企业地区,是否保密,联系电话\nD1,回收锂电池,甲公司,佛山市南海区,是,13900000000\nD2,回收铅酸电池,乙公司,杭州,否,13900000001\n")
	patents := fileOf(t, "p.csv", "专利号,标题,联系人\nCN1,一种锂电池回收方法,张三\n")
	bin := built(t)
	for lang, want := range map[string][2]string{
		"zh": {
			"1 行的 enterprise.region 只记到代码所指的一级，更细的部分已舍去：佛山市南海区 → 4406。\n" +
				"以下列使需求的附加属性（“是否保密”还使企业名称）对专利方保密，可用 confidential_fields 更改：是否保密 (1), 联系电话 (2)。\n",
			"含联系方式的列：联系人 (1)。专利的附加属性需求方可见；不愿公开请删去后重新导入。\n",
		},
		"en": {
			"1 row with a value of enterprise.region of which only what has a code is kept, and the rest dropped: 佛山市南海区 → 4406.\n" +
				"Columns because of which attributes of demands (and the enterprise's name, where the column says that the demand is confidential) are kept from holders, until confidential_fields is changed: 是否保密 (1), 联系电话 (2).\n",
			"Columns with data of contact: 联系人 (1). Attributes of patents are seen by enterprises; take the columns out and import again where that is not meant.\n",
		},
	} {
		data := t.TempDir()
		for i, args := range [][]string{{"--kind", "demands", demands}, {"--kind", "patents", patents}} {
			fails(t, 0, []string{want[i]}, bin, append([]string{"import", "--data", data, "--lang", lang}, args...)...)
		}
	}
}
