package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/report"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func html(t testing.TB, r *evaluation.Result, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.HTML(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func text(t testing.TB, r *evaluation.Result, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestASmallResultLooksAsItDid(t *testing.T) {
	r, o := small(t)
	for _, l := range []report.Language{report.Chinese, report.English} {
		o.Language = l
		golden(t, "small."+string(l)+".txt", text(t, r, o))
	}
	golden(t, "small.en.html", html(t, r, o))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; run with -update if it should:\n%s", name, diff)
	}
}

func TestTheSameResultGivesTheSameBytes(t *testing.T) {
	r, o := small(t)
	again, sameOptions := small(t)
	for range 5 {
		if html(t, r, o) != html(t, again, sameOptions) {
			t.Fatal("two pages of the same result differ")
		}
		if text(t, r, o) != text(t, again, sameOptions) {
			t.Fatal("two texts of the same result differ")
		}
	}
}

var headings = [][2]string{{"结论", "Findings"}, {"准入判定", "Gate"}, {"测量了什么", "What was measured"}, {"全部指标", "All metrics"},
	{"置信区间", "Intervals"}, {"两两比较", "Comparisons"}, {"逐个需求的差异", "Differences by demand"}, {"切片", "Slices"},
	{"召回率随 k 的变化", "Recall over k"}, {"等级与概率", "Levels and probabilities"}, {"曝光", "Exposure"},
	{"最值得标注的配对", "Pairs most worth judging"}, {"输入文件与模型的警告", "Warnings of input files and models"}, {"指标定义", "Definitions"}}

func TestEveryHeadingIsThereInBothLanguages(t *testing.T) {
	r, o := small(t)
	for _, l := range []report.Language{report.Both, report.Chinese, report.English} {
		o.Language = l
		page := html(t, r, o)
		for _, h := range headings {
			if got := strings.Contains(page, h[0]); got != (l != report.English) {
				t.Errorf("language %q: heading %q is there: %v", l, h[0], got)
			}
			if got := strings.Contains(page, h[1]); got != (l != report.Chinese) {
				t.Errorf("language %q: heading %q is there: %v", l, h[1], got)
			}
		}
	}
}

func TestAnEnglishReportOfEnglishDataHasNoChinese(t *testing.T) {
	r, o := small(t)
	o.Language = report.English
	for _, page := range []string{html(t, r, o), text(t, r, o)} {
		for i, c := range page {
			if unicode.Is(unicode.Han, c) {
				t.Fatalf("Chinese in the English report: …%s…", page[max(0, i-60):min(len(page), i+30)])
			}
		}
	}
}

func TestAMetricWithoutAValueShowsItsReason(t *testing.T) {
	r, o := small(t)
	for l, reasons := range map[report.Language][]string{
		report.English: {"the model predicts no levels", "the model has no reverse run", "no latency was measured"},
		report.Chinese: {"模型不预测等级", "模型没有反向排序", "未测量耗时"},
	} {
		o.Language = l
		page := html(t, r, o)
		for _, reason := range reasons {
			if !strings.Contains(page, reason) {
				t.Errorf("language %s: no %q", l, reason)
			}
		}
	}
}

func TestAnUndecidedDifferenceSaysHowLargeItWouldHaveToBe(t *testing.T) {
	r, o := small(t)
	o.Language = report.English
	for _, page := range []string{html(t, r, o), text(t, r, o)} {
		if !strings.Contains(page, "With these 24 demands the difference would have to be at least 0.") {
			t.Error("the minimum detectable effect is not in words")
		}
	}
}

func TestTheBaselineCanBeAnother(t *testing.T) {
	r, o := small(t)
	o.Language, o.Baseline = report.English, "sharp"
	if got := text(t, r, o); !strings.Contains(got, "plain is worse than sharp on nDCG@10: −0.") {
		t.Errorf("the comparison is not turned:\n%s", got)
	}
}

func TestOptionsThatDoNotFitAreRefused(t *testing.T) {
	r, fits := small(t)
	for name, change := range map[string]func(*report.Options){
		"language": func(o *report.Options) { o.Language = "fr" },
		"baseline": func(o *report.Options) { o.Baseline = "nobody" },
		"metric":   func(o *report.Options) { o.Metric = "no such" },
		"compared": func(o *report.Options) { o.Metric = "spearman" },
		"dataset":  func(o *report.Options) { o.Dataset = nil },
		"run":      func(o *report.Options) { o.Models = []evaluation.Model{{Name: "plain"}} },
	} {
		o := fits
		change(&o)
		var b bytes.Buffer
		if err := report.HTML(&b, r, o); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v after %d bytes", name, err, b.Len())
		}
	}
}

func TestADoubtAboutAModelIsSaidInBothLanguages(t *testing.T) {
	r, o := small(t)
	o.Warnings = format.Warnings{{Kind: format.TrainedOn, File: "mine.duijie", Count: 12, Model: "sharp"}}
	for l, want := range map[report.Language]string{
		report.English: "pairs were among the model's training labels",
		report.Chinese: "个配对属于该模型的训练标注",
	} {
		o.Language = l
		if got := text(t, r, o); !strings.Contains(got, "12 "+want) || !strings.Contains(got, "sharp, mine.duijie") {
			t.Errorf("%s: the summary does not name the model and its training labels:\n%s", l, got)
		}
		if got := html(t, r, o); !strings.Contains(strings.ReplaceAll(got, "&#39;", "'"), want) {
			t.Errorf("%s: the page has no %q", l, want)
		}
	}
}

func TestTheSummaryShowsTheSlicesThatWereAskedFor(t *testing.T) {
	r, o := small(t)
	o.Language = report.English
	if got := text(t, r, o); strings.Contains(got, "Slices") {
		t.Errorf("nobody asked for slices:\n%s", got)
	}
	o.Slices = []string{"sector", "region"}
	got := text(t, r, o)
	for _, want := range []string{"Slices: sector (nDCG@10)", "\nsteel ", "\nfood ", "\nenergy ", "region: no judged demand has a value of it"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "length of the demand") {
		t.Errorf("a slice that nobody asked for:\n%s", got)
	}
}

func TestARankingThatIsMostlyUnjudgedIsSaidBesideTheHeadline(t *testing.T) {
	const hits = 10
	result := func(judged int, candidates evaluation.Candidates) (*evaluation.Result, report.Options) {
		d := evaluation.NewDataset(metric.Levels4)
		q, _ := d.AddQuery(evaluation.Query{ID: "q"})
		run := evaluation.NewRun(d)
		for i := range hits {
			doc, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprint("d", i)})
			run.Hits[q] = append(run.Hits[q], evaluation.Hit{Document: doc, Score: float64(hits - i)})
			if i < judged {
				if err := d.Judge(q, doc, 4-i%2); err != nil {
					t.Fatal(err)
				}
			}
		}
		models := []evaluation.Model{{Name: "wide", Run: run}}
		r, err := evaluation.Evaluate(d, models, evaluation.Options{Candidates: candidates})
		if err != nil {
			t.Fatal(err)
		}
		return r, report.Options{Dataset: d, Models: models}
	}
	for name, c := range map[string]struct {
		judged     int
		candidates evaluation.Candidates
		told       bool
	}{
		"most is not judged":                        {3, evaluation.CandidatesAll, true},
		"auto chooses all where no level is lowest": {3, evaluation.CandidatesAuto, true},
		"half is judged":                            {5, evaluation.CandidatesAll, false},
		"judged candidates alone are ranked":        {3, evaluation.CandidatesJudged, false},
	} {
		r, o := result(c.judged, c.candidates)
		for l, want := range map[report.Language]string{
			report.English: "most of the first 10 ranks of wide (0.70) are not judged", report.Chinese: "wide 的前 10 名（0.70）大多未标注",
		} {
			o.Language = l
			page := html(t, r, o)
			findings, _, _ := strings.Cut(page[strings.Index(page, `id="findings"`):], "</section>")
			for where, got := range map[string]string{"summary": text(t, r, o), "findings": findings} {
				if strings.Contains(got, want) != c.told {
					t.Errorf("%s, %s: told is not %v:\n%s", name, where, c.told, got)
				}
			}
		}
		var raw bytes.Buffer
		if err := r.WriteJSON(&raw); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(raw.String(), "0.70 of the first 10 ranks are not judged") != c.told {
			t.Errorf("%s: told in the JSON is not %v", name, c.told)
		}
	}
}
