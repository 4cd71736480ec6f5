package ingest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/google/go-cmp/cmp"
)

func TestALabelTableInChinese(t *testing.T) {
	rows, summary := readAll(t, "标注.csv", "需求编号,专利号,匹配等级,标注人,标注时间,理由,来源,需求标题\n"+
		"D1,CN1,3级,张三,2026-03-12,差一项,模型,低温电池\nD1,CN2,4,,,,,\n", Options{Kind: LabelKind})
	want := []match.Label{
		{Tenant: match.DefaultTenant, Demand: "D1", Patent: "CN1", Level: 3, Rater: "张三", Reason: "差一项", Source: match.ModelSource,
			At: time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)},
		{Tenant: match.DefaultTenant, Demand: "D1", Patent: "CN2", Level: 4, Source: match.ExpertSource},
	}
	for i, row := range rows {
		if row.Err != nil {
			t.Fatal(row.Err)
		}
		if diff := cmp.Diff(want[i], *row.Label); diff != "" {
			t.Error(diff)
		}
	}
	if len(rows) != 2 || len(summary.Kept) != 0 {
		t.Errorf("%d rows, kept %v: a label has no attributes", len(rows), summary.Kept)
	}
}

func TestALabelIsNotJudgedYetOnlyWhereItsLevelIsThereAndEmpty(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		waiting bool
	}{
		"an empty cell.csv":     {"demand_id,patent_number,level,rater\nD1,CN1,,a\n", true},
		"blanks.csv":            {"demand_id,patent_number,level,rater\nD1,CN1,  ,a\n", true},
		"null.jsonl":            {`{"demand_id":"D1","patent_number":"CN1","level":null}`, true},
		"no key.jsonl":          {`{"demand_id":"D1","patent_number":"CN1"}`, false},
		"another level.csv":     {"demand_id,patent_number,level\nD1,CN1,5\n", false},
		"a level of zero.csv":   {"demand_id,patent_number,level\nD1,CN1,0\n", false},
		"words for a level.csv": {"demand_id,patent_number,level\nD1,CN1,好\n", false},
	} {
		rows, _ := readAll(t, name, c.content, Options{Kind: LabelKind})
		if len(rows) != 1 || rows[0].Err == nil || errors.Is(rows[0].Err, ErrNotJudged) != c.waiting {
			t.Errorf("%s: %+v", name, rows)
		}
		if rows[0].Label != nil {
			t.Errorf("%s gives a label with its error", name)
		}
	}
}

func TestALevelIsReadInWords(t *testing.T) {
	for word, want := range map[string]match.Level{
		"强": 4, "较强": 3, "弱": 2, "无关": 1, "无": 1, "strong": 4, "Rather strong": 3, "rather-strong": 3, "weak": 2, "none": 1,
		"LEVEL_STRONG": 4, "LEVEL_RATHER_STRONG": 3, "LEVEL_WEAK": 2, "LEVEL_NONE": 1, "４": 4, "2级": 2,
	} {
		rows, _ := readAll(t, "l.csv", "demand_id,patent_number,level\nD1,CN1,"+word+"\n", Options{Kind: LabelKind})
		if len(rows) != 1 || rows[0].Err != nil || rows[0].Label.Level != want {
			t.Errorf("%s: %+v", word, rows)
		}
	}
	rows, _ := readAll(t, "l.csv", "demand_id,patent_number,level\nD1,CN1,LEVEL_UNSPECIFIED\n", Options{Kind: LabelKind})
	if len(rows) != 1 || rows[0].Err == nil || !strings.Contains(match.Localised(rows[0].Err).ZH, "不是等级") {
		t.Errorf("%+v", rows)
	}
}
