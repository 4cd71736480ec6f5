package ingest

import (
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// LabelKind is the kind of Options and ParquetWriter that stands for labels, which
// are no records: rows have their Label set.
const LabelKind match.Kind = "label"

var labelNames = []names{
	{"tenant", "租户"},
	{"demand_id", "需求编号 需求id demand query_id qid"},
	{"patent_number", "专利号 公开号 patent patent_id doc_id docid number"},
	{"level", "等级 匹配等级 匹配程度 label grade score relevance"},
	{"rater", "标注人 专家 评审人 annotator"},
	{"time", "标注时间 时间 date"},
	{"reason", "理由 原因 说明 comment"},
	{"source", "来源"},
	{"demand_revision", ""},
	{"patent_revision", ""},
}

var labelSources = enum[match.LabelSource]{[]match.LabelSource{match.ExpertSource, match.EventSource, match.ModelSource}, "label_source_", words[match.LabelSource]{
	match.ExpertSource: "专家 人工", match.EventSource: "事件 行为", match.ModelSource: "模型",
}.byWord()}

var labelSetters = map[string]setter{
	"demand_id":     setID(func(b *builder) *string { return &b.label.Demand }),
	"patent_number": setID(func(b *builder) *string { return &b.label.Patent }),
	"rater":         setCode(func(b *builder) *string { return &b.label.Rater }),
	"reason":        setText(func(b *builder) *string { return &b.label.Reason }),
	"source":        setEnum(labelSources, func(b *builder) *match.LabelSource { return &b.label.Source }),
	"level": func(b *builder, field string, value any, _ float64) error {
		n, err := integer(field, value)
		if err == nil && (n < 0 || n > 255) {
			err = match.Invalidf(field, fmt.Sprintf("%d is not in 1 to 4", n))
		}
		b.label.Level = match.Level(n)
		return err
	},
	"time": func(b *builder, field string, value any, _ float64) error {
		s, err := code(field, value)
		if err != nil || absent(s) {
			return err
		}
		b.label.At, err = instant(field, s)
		return err
	},
	"demand_revision": setRevision(func(b *builder) *int64 { return &b.label.DemandRevision }),
	"patent_revision": setRevision(func(b *builder) *int64 { return &b.label.PatentRevision }),
}

// instant reads a time; a day alone is its beginning in UTC.
func instant(field, s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, match.Invalidf(field, fmt.Sprintf("%q is not a time such as 2026-03-12T08:00:00Z", shown(s)))
}

func setRevision(place func(*builder) *int64) setter {
	return func(b *builder, field string, value any, _ float64) error {
		n, err := integer(field, value)
		*place(b) = int64(n)
		return err
	}
}

// finish gives the label, which is validated. What has no field is not kept: a
// label has no attributes.
func (b *builder) finish() (*match.Label, error) {
	b.label.Tenant = b.tenant
	record := fmt.Sprintf("label of %s and %s", b.label.Demand, b.label.Patent)
	return &b.label, match.About(record, b.label.Validate())
}
