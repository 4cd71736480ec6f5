package match_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestAllThatIsWrongWithARecordIsNamed(t *testing.T) {
	p := match.Patent{Number: "CN 1", Region: "x", IPC: []string{"H01M", "?", "!"}, Readiness: 12, TransferModes: []match.TransferMode{"gift"}}
	var fields []string
	var e *match.Error
	if err := p.Validate(); !errors.As(err, &e) || match.KindOf(err) != match.Invalid {
		t.Fatal(err)
	}
	for _, fault := range e.All() {
		fields = append(fields, fault.Field)
	}
	if diff := cmp.Diff([]string{"number", "title", "region", "ipc[1]", "ipc[2]", "transfer_modes[0]", "readiness"}, fields); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(e.Error(), `; readiness: 12 is not in 0 to 9`) {
		t.Error(e)
	}
}

func TestFaultsAreJoinedAndChangeNothing(t *testing.T) {
	a, b := match.Invalidf("a", "is empty"), match.Invalidf("b", "is negative")
	if err := match.Faults(nil, nil); err != nil {
		t.Error(err)
	}
	if err := match.Faults(nil, a); err != error(a) {
		t.Error("one fault is another error")
	}
	joined := match.Faults(match.Faults(a, nil), match.Faults(b, errors.New("c")))
	if got := joined.Error(); got != "a: is empty; b: is negative; c" || len(a.More) != 0 {
		t.Error(got, a.More)
	}
	if got := match.About("patent CN1", joined).Error(); got != "patent CN1: a: is empty; b: is negative; c" {
		t.Error(got)
	}
}

func TestAFieldThatCouldNotBeReadIsNotReportedAsMissing(t *testing.T) {
	unread := match.Faults(match.Invalidf("budget", "x"), match.Invalidf("ipc[1]", "y"))
	rest := match.Faults(match.Invalidf("budget.min_cny", "z"), match.Invalidf("ipc[1]", "z"), match.Invalidf("ipc[10]", "k"), match.Invalidf("budgets", "k"))
	if got := match.Beside(unread, rest).Error(); got != "budget: x; ipc[1]: y; ipc[10]: k; budgets: k" {
		t.Error(got)
	}
	if match.Beside(nil, nil) != nil || match.Beside(nil, rest) == nil || match.Beside(unread, nil) == nil {
		t.Error("one side alone is lost, or made up")
	}
}

func TestErrorsComeInBothLanguages(t *testing.T) {
	missing := &fs.PathError{Op: "open", Path: "a.csv", Err: errors.New("no such file or directory")}
	for _, c := range []struct {
		err    error
		zh, en string
	}{
		{match.About("a.csv, line 17", match.Invalidf("title", "is empty")), "a.csv，第 17 行：title：不能为空", "a.csv, line 17: title: is empty"},
		{match.About("patent CN1", match.Faults(match.Invalidf("level", "%d is not in %d to %d", 9, 1, 4), match.Invalidf("", "is missing"))),
			"专利 CN1：level：9 不在 1 到 4 之间；缺失", "patent CN1: level: 9 is not in 1 to 4; is missing"},
		{match.Invalidf("tiers", "a %s has no such field", match.DemandKind.Words()), "tiers：需求没有这个字段", "tiers: a demand has no such field"},
		{match.Invalidf("x", "100% wrong"), "x：100% wrong", "x: 100% wrong"},
		{&match.Error{Kind: match.NotFound}, "不存在", "not found"},
		{&match.Error{Kind: match.Denied, Record: "f", Reason: "may not be read", Err: missing}, "f：没有读取权限：a.csv：没有这个文件或目录", "f: may not be read: open a.csv: no such file or directory"},
		{fmt.Errorf("%w (3 rows)", match.Invalidf("title", "is empty")), "title：不能为空 (3 rows)", "title: is empty (3 rows)"},
		{errors.Join(match.Invalidf("a", "is empty"), match.Invalidf("b", "is empty")), "a：不能为空\nb：不能为空", "a: is empty\nb: is empty"},
	} {
		if diff := cmp.Diff(match.LocalText{ZH: c.zh, EN: c.en}, match.Localised(c.err)); diff != "" {
			t.Error(diff)
		}
	}
	if (match.Localised(nil) != match.LocalText{}) {
		t.Error("no error has words")
	}
}

func TestNamesOfRecordsAreInBothLanguages(t *testing.T) {
	for en, zh := range map[string]string{
		"patent CN1, revision 2": "专利 CN1，第 2 版", "demand": "需求", "demands.csv, row 17": "demands.csv，第 17 行", "dataset q": "数据集 q", "alias sector/battery": "别名 sector/battery",
		"model tuned/a/1": "模型 tuned/a/1", "label of D1 and CN1": "D1 与 CN1 的标注", "event of D1 and CN1": "D1 与 CN1 的事件", "event e-1": "事件 e-1", "openai embedder, model m": "openai 向量模型，模型 m",
		"standard input, line 3": "标准输入，第 3 行", "patents.csv": "patents.csv",
	} {
		if got := match.Named(en); got.ZH != zh || got.EN != en {
			t.Errorf("%s is %+v, want %s", en, got, zh)
		}
	}
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 2: "2 rows"} {
		if got := match.Counted(n, "row"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := match.Counted(2, "party"); got != "2 parties" {
		t.Error(got)
	}
}
