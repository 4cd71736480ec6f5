package ingest

import (
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// EventKind is the kind of Options that stands for events, which are no records: rows
// have their Event set.
const EventKind match.Kind = "event"

var eventNames = []names{
	{"id", "事件编号 event_id"},
	{"tenant", "租户"},
	{"request_id", "请求编号 request"},
	{"demand_id", "需求编号 需求id demand query_id qid"},
	{"patent_number", "专利号 公开号 patent patent_id doc_id docid"},
	{"rank_shown", "展示位次 位次 名次 rank position"},
	{"side", "行为方 主体 actor"},
	{"type", "事件类型 行为 event event_type"},
	{"reason", "拒绝原因 原因"},
	{"rating", "评分 星级 stars"},
	{"note", "备注 说明 comment"},
	{"time", "时间 发生时间 date"},
	{"proof", ""},
}

var eventSetters = map[string]setter{
	"id":            setID(func(b *builder) *string { return &b.event.ID }),
	"request_id":    setID(func(b *builder) *string { return &b.event.Request }),
	"demand_id":     setID(func(b *builder) *string { return &b.event.Demand }),
	"patent_number": setNumber(func(b *builder) *string { return &b.event.Patent }),
	"rank_shown":    setInt(func(b *builder) *int { return &b.event.Rank }),
	"side":          setEnum(vocabulary.Sides, func(b *builder) *match.Kind { return &b.event.Side }),
	"type":          setEnum(vocabulary.EventTypes, func(b *builder) *match.EventType { return &b.event.Type }),
	"reason":        setEnum(vocabulary.RejectionReasons, func(b *builder) *match.RejectionReason { return &b.event.Reason }),
	"rating":        setInt(func(b *builder) *int { return &b.event.Rating }),
	"note":          setText(func(b *builder) *string { return &b.event.Note }),
	"time": func(b *builder, field string, value any, _ float64) error {
		s, err := code(field, value)
		if err != nil || absent(s) {
			return err
		}
		b.event.At, err = instant(field, s)
		return err
	},
	// It is found out anew; see match.SaidProof for what a file says where that cannot be.
	"proof": setText(func(b *builder) *string { return (*string)(&b.event.Proof) }),
}

// finishEvent gives the event, which is validated. What has no field is not kept.
func (b *builder) finishEvent() (*match.Event, error) {
	b.event.Tenant, b.kept = b.tenant, kept{}
	record := fmt.Sprintf("event of %s and %s", b.event.Demand, b.event.Patent)
	return &b.event, match.About(record, b.event.Validate())
}
