package intake

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func texts(kind Kind, r *Report) []string {
	var out []string
	for _, e := range r.Elements {
		if e.Kind == kind {
			out = append(out, e.Text)
		}
	}
	return out
}

func TestElementsAreFoundByWhatGoesBeforeAndByEndings(t *testing.T) {
	for _, c := range []struct {
		name, title, body string
		kind              Kind
		want              []string
	}{
		{"a material by its ending", "", "现需寻找一种耐辐照聚丙烯材料", Material, []string{"耐辐照聚丙烯材料"}},
		{"a longer noun, not the shorter in it", "", "研发铁基合金粉末", Material, []string{"铁基合金粉末"}},
		{"a word that holds a break stays whole", "", "开展不锈钢丝的研发", Material, []string{"不锈钢丝"}},
		{"a method behind 采用", "", "采用表面喷涂工艺，降低成本", Method, []string{"表面喷涂工艺"}},
		{"no method behind 不采用", "", "不采用高温烧结", Method, nil},
		{"efficacy with its verb", "", "提高耐磨性，降低生产成本。", Efficacy, []string{"提高耐磨性", "降低生产成本"}},
		{"efficacy before a noun", "", "一种高韧性磨料", Efficacy, []string{"高韧性"}},
		{"a problem to be solved", "", "解决铸坯表面开裂的问题", Efficacy, []string{"解决铸坯表面开裂的问题"}},
		{"no efficacy in what names nothing", "", "解决以下问题：", Efficacy, nil},
		{"an application", "", "该产品用于煤矿井下的支护", Application, []string{"煤矿井下"}},
		{"an application by its ending", "", "服务铜箔行业", Application, []string{"服务铜箔行业"}},
		{"a product by its ending", "", "需要一种智能分拣设备", Product, []string{"智能分拣设备"}},
		{"a product from the title", "防爆储能电池的研发", "", Product, []string{"防爆储能电池"}},
		{"the number of a list is no part of it", "", "12.分拣设备", Product, []string{"分拣设备"}},
		{"机械 is no machine", "", "机械强度", Product, nil},
		{"a material in English", "", "a coating of high-entropy alloy", Material, []string{"high-entropy alloy"}},
		{"a method in English", "", "made using laser cladding and grinding", Method, []string{"laser cladding"}},
		{"efficacy in English", "", "to reduce energy use by 20%", Efficacy, []string{"reduce energy use"}},
		{"an application in English", "", "Seals for use in deep wells.", Application, []string{"deep wells"}},
		{"nothing in nothing", "", "", Product, nil},
	} {
		if diff := cmp.Diff(c.want, texts(c.kind, Analyze(match.Texts{Title: c.title, Body: c.body}))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestJunkIsFlagged(t *testing.T) {
	long := "需要一种用于矿山的智能分拣设备，提高分拣效率，降低人工成本。"
	for _, c := range []struct {
		name, title, body string
		want              []Flag
	}{
		{"nothing at all", "", "", []Flag{Empty}},
		{"blanks", " \n", "\t　", []Flag{Empty}},
		{"emoji", "😀", "😀😀👍🏽", []Flag{Empty}},
		{"未提供", "技术需求", "未提供", []Flag{NotProvided, TooShort}},
		{"未提供 under a real title", "矿山智能分拣设备的研发与产业化", "（未提供）", []Flag{NotProvided}},
		{"N/A", "", "N/A", []Flag{NotProvided, TooShort}},
		{"见附件", "矿山智能分拣设备的研发与产业化", "详见附件。", []Flag{NotProvided}},
		{"one word", "电池", "", []Flag{TooShort, NoText}},
		{"phrases alone", "寻求技术合作与专家的企业", "欢迎洽谈，价格面议，合作共赢！", []Flag{Boilerplate}},
		{"one character over and over", "", strings.Repeat("啊", 500), []Flag{Repeated}},
		{"one phrase over and over", "", strings.Repeat("需要电池", 500), []Flag{Repeated}},
		{"a telephone number", "", "联系人：王经理 电话 13800000000", []Flag{ContactOnly}},
		{"a title alone", "用于矿山的智能分拣设备的研发", "", []Flag{NoText}},
		{"a title that is the text", long, long, []Flag{NoText}},
		{"a demand", "智能分拣设备", long, nil},
		{"a demand that ends in phrases", "智能分拣设备", long + "欢迎洽谈。", nil},
		{"a demand in English", "Sorting machine", "We need a sorting machine for use in mines that reduces labour cost.", nil},
	} {
		got := Analyze(match.Texts{Title: c.title, Body: c.body})
		if diff := cmp.Diff(c.want, got.Flags); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if got.Junk() && got.Grade != GradeD {
			t.Errorf("%s: junk of grade %s", c.name, got.Grade)
		}
	}
}

func TestTheGradeFollowsWhatIsNamed(t *testing.T) {
	full := "采用激光熔覆工艺制备合金涂层，用于矿山机械的刮板输送设备，提高耐磨性，要求硬度≥60HRC。"
	for _, c := range []struct {
		name, body string
		want       Grade
		missing    []Kind
	}{
		{"all six", full, GradeA, nil},
		{"without figures", strings.ReplaceAll(full, "要求硬度≥60HRC", "要求硬度很高"), GradeB, []Kind{Quantity}},
		{"two things", "希望有人开发智能分拣设备，提高分拣效率。", GradeC, []Kind{Material, Method, Application, Quantity}},
		{"nothing", "我们有一些事情想找人谈一谈再说。", GradeD, Kinds},
		{"figures of the enterprise count for nothing", "公司现有员工50人，投资3000万元，成立于2011年。", GradeD, Kinds},
	} {
		r := Analyze(match.Texts{Body: c.body})
		if r.Grade != c.want {
			t.Errorf("%s: %s, want %s", c.name, r.Grade, c.want)
		}
		if diff := cmp.Diff(c.missing, r.Missing); diff != "" {
			t.Errorf("%s: missing: %s", c.name, diff)
		}
		if len(r.Suggestions) != len(r.Missing)+len(r.Flags) {
			t.Errorf("%s: %d suggestions for %d gaps", c.name, len(r.Suggestions), len(r.Missing)+len(r.Flags))
		}
	}
}

func TestEachKindAndFlagHasWordsAndAdviceInBothLanguages(t *testing.T) {
	var all []match.LocalText
	for _, k := range Kinds {
		all = append(all, k.Words(), kindAdvice[k])
	}
	for _, f := range Flags {
		all = append(all, f.Words(), flagAdvice[f])
	}
	for i, words := range all {
		if words.ZH == "" || words.EN == "" {
			t.Errorf("number %d lacks a language: %+v", i, words)
		}
	}
}

// hostile are demands that nobody means.
func hostile() []string {
	long := 100_000
	return []string{
		"\x00", "\xff\xfe\xfd", "<script>alert(1)</script>", "'; DROP TABLE demands; --", "${jndi:ldap://x}", "\u202e反转", "a\u0301\u0301\u0301", "ＡＢＣ１２３％",
		strings.Repeat("的", long), strings.Repeat("合金", long/2), strings.Repeat("用于", long/2), strings.Repeat("提高", long/2), strings.Repeat("a", long),
		strings.Repeat("alloy ", long/6), strings.Repeat("😀", long), strings.Repeat("≥5%", long/3), strings.Repeat("13800000000 ", long/12), strings.Repeat("(", long),
		strings.Repeat("采用高温高压合成工艺，提高抗冲击韧性≥67%。", long/24),
	}
}

// begin is enough of a text to know it by.
func begin(s string) string { return s[:min(len(s), 80)] }

func check(t *testing.T, title, body string) {
	t.Helper()
	r := Analyze(match.Texts{Title: title, Body: body})
	fields := map[string][]rune{"title": []rune(title), "text": []rune(body)}
	inside := func(field string, start, end int, text string) {
		runes := fields[field]
		if start < 0 || end <= start || end > len(runes) {
			t.Fatalf("%q, %q: %d-%d of %s", begin(title), begin(body), start, end, field)
		}
		if got := string(runes[start:end]); got != text {
			t.Fatalf("%q, %q: %q at %d-%d of %s, not %q", begin(title), begin(body), got, start, end, field, text)
		}
	}
	for _, e := range r.Elements {
		inside(e.Field, e.Start, e.End, e.Text)
	}
	for _, q := range r.Quantities {
		inside(q.Field, q.Start, q.End, q.Text)
	}
	if !slices.Contains([]Grade{GradeA, GradeB, GradeC, GradeD}, r.Grade) || len(r.Elements) > MaxElements*len(Kinds) || len(r.Quantities) > MaxQuantities {
		t.Fatalf("grade %q, %d elements, %d quantities", r.Grade, len(r.Elements), len(r.Quantities))
	}
	for _, s := range r.Suggestions {
		if !utf8.ValidString(s.ZH) || s.ZH == "" {
			t.Fatalf("suggestion %+v", s)
		}
	}
}

func TestHostileDemandsAreAnswered(t *testing.T) {
	for _, s := range hostile() {
		check(t, s, "")
		check(t, "", s)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s[:min(len(s), 60)], s[:min(len(s), 200)])
	}
	f.Add("防爆电池的研发", "采用X工艺，用于煤矿，提高韧性≥67%")
	f.Fuzz(func(t *testing.T, title, body string) { check(t, title, body) })
}

func BenchmarkAnalyze(b *testing.B) {
	t := match.Texts{Title: "高韧性磨料单晶的研制", Body: strings.Repeat("企业需要开发高韧性单晶新牌号，采用触媒自制工艺与高温高压合成工艺，用于精密磨具行业。要求抗冲击韧性≥67%。\n", 20)}
	b.SetBytes(int64(len(t.Title) + len(t.Body)))
	for b.Loop() {
		Analyze(t)
	}
}
