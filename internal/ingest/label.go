package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// LabelKind is the kind of Options and ParquetWriter that stands for labels, which
// are no records: rows have their Label set.
const LabelKind match.Kind = "label"

// kindWords gives a kind in both languages.
func kindWords(kind match.Kind) match.LocalText {
	switch kind {
	case LabelKind:
		return match.LocalText{ZH: "标注", EN: string(kind)}
	case EventKind:
		return match.LocalText{ZH: "事件", EN: string(kind)}
	}
	return kind.Words()
}

var labelNames = []names{
	{"tenant", "租户"},
	{"demand_id", "需求编号 需求id demand query_id qid"},
	{"patent_number", "专利号 公开号 patent patent_id doc_id docid number"},
	{"level", "等级 匹配等级 匹配程度 label grade score relevance"},
	{"rater", "标注人 专家 评审人 annotator"},
	{"time", "标注时间 时间 date"},
	{"reason", "理由 原因 说明 comment"},
	{"source", "来源"},
	{"relevance", ""},
	{"weight", ""},
	{"demand_revision", ""},
	{"patent_revision", ""},
}

var labelSetters = map[string]setter{
	"demand_id":     setID(func(b *builder) *string { return &b.label.Demand }),
	"patent_number": setNumber(func(b *builder) *string { return &b.label.Patent }),
	"rater":         setCode(func(b *builder) *string { return &b.label.Rater }),
	"reason":        setText(func(b *builder) *string { return &b.label.Reason }),
	"source":        setEnum(vocabulary.LabelSources, func(b *builder) *match.LabelSource { return &b.label.Source }),
	"level":         setLevel,
	"time": func(b *builder, field string, value any, _ float64) error {
		s, err := code(field, value)
		if err != nil || absent(s) {
			return err
		}
		b.label.At, err = instant(field, s)
		return err
	},
	"relevance":       setShare(func(b *builder) *float64 { return &b.label.Relevance }),
	"weight":          setShare(func(b *builder) *float64 { return &b.label.Weight }),
	"demand_revision": setRevision(func(b *builder) *int64 { return &b.label.DemandRevision }),
	"patent_revision": setRevision(func(b *builder) *int64 { return &b.label.PatentRevision }),
}

// setLevel reads a level by its number or in words.
func setLevel(b *builder, field string, value any, _ float64) (err error) {
	s, isText := value.(string)
	if level, ok := vocabulary.Level(s); ok {
		b.label.Level = level
		return nil
	}
	n, err := integer(field, value)
	switch {
	case err != nil && isText:
		return match.Invalidf(field, "%q is not a level: give 1 to 4, or none, weak, rather strong or strong", shown(value))
	case err != nil:
		return err
	case n < int(match.NoFit) || n > int(match.StrongFit):
		return match.Invalidf(field, "%d is not in 1 to 4", n)
	}
	b.label.Level = match.Level(n)
	return nil
}

// instant reads a time; a day alone is its beginning in UTC.
func instant(field, s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, match.Invalidf(field, "%q is not a time such as 2026-03-12T08:00:00Z", shown(s))
}

func setRevision(place func(*builder) *int64) setter {
	return func(b *builder, field string, value any, _ float64) error {
		n, err := integer(field, value)
		*place(b) = int64(n)
		return err
	}
}

func setShare(place func(*builder) *float64) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		if absent(value) {
			return nil
		}
		*place(b), err = number(field, value)
		return err
	}
}

// ErrNotJudged is in the chain of the error of a label whose level is there and
// empty: a line of a list of pairs to judge that nobody has come to yet.
var ErrNotJudged = errors.New("the level is empty")

// finish gives the label, which is validated. What has no field is not kept: a
// label has no attributes. A label without a source is an expert's.
func (b *builder) finish() (*match.Label, error) {
	b.label.Tenant, b.kept = b.tenant, kept{}
	b.label.Source = cmp.Or(b.label.Source, match.ExpertSource)
	if b.unjudged && b.label.Level == 0 {
		return nil, &match.Error{Kind: match.Invalid, Field: "level", Err: ErrNotJudged}
	}
	record := fmt.Sprintf("label of %s and %s", b.label.Demand, b.label.Patent)
	return &b.label, match.About(record, b.label.Validate())
}
