package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
)

func TestIntakeShowsWhatADemandSaysAndLacks(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	bin, data := built(t), t.TempDir()
	file := filepath.Join(t.TempDir(), "demands.jsonl")
	rows := `{"id": "D1", "title": "耐磨涂层", "text": "采用激光熔覆工艺，要求硬度不低于60HRC。"}
{"id": "D2", "title": "技术需求", "text": "未提供"}
`
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, 0, []string{"1 demand to look at: not provided"}, bin, "import", "--data", data, "--kind", "demands", file)
	fails(t, 0, []string{"60 HRC", "激光熔覆工艺", "Missing: "}, bin, "intake", "--data", data, "--demand", "D1")
	fails(t, 0, []string{"Completeness: D", "not provided"}, bin, "intake", "--data", data, "--demand", "D2")
	fails(t, 0, []string{`"QUANTITY_COMPARISON_AT_LEAST"`, `"id": "D1"`}, bin, "intake", "--json", "--data", data, "--demand", "D1")
	fails(t, exitFailed, []string{"D3", "no such record"}, bin, "intake", "--data", data, "--demand", "D3")
	fails(t, exitFailed, []string{"title and text are both empty"}, bin, "intake", "--text", " ")
	fails(t, 0, []string{"empty"}, bin, "intake", "--text", "😀😀")
	fails(t, 0, []string{"Completeness"}, bin, "intake", "--file", file)
	fails(t, exitUsage, nil, bin, "intake")
}

func TestAmountsAreWrittenAsTheyAreMeant(t *testing.T) {
	en := langFlag{Lang: "en"}
	var got []string
	for _, s := range []string{"韧性≥67%", "温度20~30℃", "精度±0.02mm", "孔径10±0.5mm", "效率提高30%以上", "系数≤0.1", "约3吨"} {
		for _, q := range quantity.Parse(s) {
			got = append(got, amount(&q, en))
		}
	}
	want := []string{"≥ 67 %", "20 – 30 ℃", "±0.02 mm", "= 10 ± 0.5 mm", "up ≥ 30 %", "≤ 0.1", "≈ 3 t"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAReportIsPrintedInTheLanguageAskedFor(t *testing.T) {
	r := intake.Analyze(match.Texts{Body: "采用激光熔覆工艺，要求硬度不低于60HRC。公司现有员工50人。"})
	for lang, want := range map[string][]string{
		"zh": {"完整度：", "要素", "方法", "量化指标", "≥ 60 HRC", "其他数量", "缺少："},
		"en": {"Completeness: ", "Elements", "method", "Quantified requirements", "≥ 60 HRC", "Other quantities", "Missing: "},
	} {
		var out bytes.Buffer
		if err := printIntake(&out, r, langFlag{Lang: lang}); err != nil {
			t.Fatal(err)
		}
		for _, words := range want {
			if !strings.Contains(out.String(), words) {
				t.Errorf("%s: no %q in\n%s", lang, words, out.String())
			}
		}
	}
}
