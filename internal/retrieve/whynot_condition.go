package retrieve

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// payloadField is what is told of a field of a payload.
type payloadField struct {
	filter, record string // in the JSON forms
	words          match.LocalText
	number         func(int64) match.LocalText
	token          func(string) match.LocalText
}

var payloadFields = map[string]payloadField{
	match.FieldTenant:         {"tenant", "tenant", match.LocalText{ZH: "租户", EN: "tenant"}, nil, plainWords},
	match.FieldVisibility:     {"visibility", "visibility", match.LocalText{ZH: "可见范围", EN: "visibility"}, nil, func(s string) match.LocalText { return match.Visibility(s).Words() }},
	match.FieldSector:         {"filter.sectors", "sector", match.LocalText{ZH: "产业", EN: "sector"}, nil, plainWords},
	match.FieldRegion:         {"filter.regions", "region", match.LocalText{ZH: "地区", EN: "region"}, nil, vocabulary.RegionWords},
	match.FieldIPC:            {"filter.ipc", "ipc", match.LocalText{ZH: "IPC 分类", EN: "IPC"}, nil, plainWords},
	match.FieldApplicantKind:  {"filter.applicant_kinds", "applicants", match.LocalText{ZH: "申请人类型", EN: "kind of applicant"}, nil, func(s string) match.LocalText { return match.ApplicantKind(s).Words() }},
	match.FieldLegalStatus:    {"filter.legal_statuses", "legal_status", match.LocalText{ZH: "法律状态", EN: "legal status"}, nil, func(s string) match.LocalText { return match.LegalStatus(s).Words() }},
	match.FieldTransferMode:   {"filter.transfer_modes", "transfer_modes", match.LocalText{ZH: "转化方式", EN: "way of transfer"}, nil, func(s string) match.LocalText { return match.TransferMode(s).Words() }},
	match.FieldTier:           {"filter.tiers", "tier", match.LocalText{ZH: "分级", EN: "tier"}, nil, plainWords},
	match.FieldPool:           {"filter.pools", "pools", match.LocalText{ZH: "专利池", EN: "pool"}, nil, plainWords},
	match.FieldIndustry:       {"filter.industries", "enterprise.industry", match.LocalText{ZH: "行业", EN: "industry"}, nil, plainWords},
	match.FieldEnterpriseKind: {"filter.enterprise_kinds", "enterprise.kind", match.LocalText{ZH: "企业类型", EN: "kind of enterprise"}, nil, func(s string) match.LocalText { return match.EnterpriseKind(s).Words() }},
	match.FieldDemandState:    {"filter.demand_states", "state", match.LocalText{ZH: "需求状态", EN: "state of the demand"}, nil, func(s string) match.LocalText { return match.DemandState(s).Words() }},

	match.FieldFilingDate:      {"filter.filing_date", "filing_date", match.LocalText{ZH: "申请日", EN: "day of filing"}, dayWords, nil},
	match.FieldPublicationDate: {"filter.publication_date", "publication_date", match.LocalText{ZH: "公开日", EN: "day of publication"}, dayWords, nil},
	match.FieldExpiryDate:      {"expiry_date", "expiry_date", match.LocalText{ZH: "到期日", EN: "day of expiry"}, dayWords, nil},
	match.FieldDeadline:        {"filter.deadline", "deadline", match.LocalText{ZH: "截止日", EN: "deadline"}, dayWords, nil},
	match.FieldLastDay:         {"deadline", "deadline", match.LocalText{ZH: "截止日", EN: "deadline"}, dayWords, nil},
	match.FieldFee:             {"filter.max_fee_cny", "fee", match.LocalText{ZH: "最低费用", EN: "lowest fee"}, yuanWords, nil},
	match.FieldBudget:          {"filter.min_budget_cny", "budget", match.LocalText{ZH: "最高预算", EN: "highest budget"}, yuanWords, nil},
	match.FieldReadiness:       {"filter.min_readiness", "readiness", match.LocalText{ZH: "技术成熟度", EN: "readiness"}, countWords, nil},
}

func plainWords(s string) match.LocalText { return match.LocalText{ZH: s, EN: s} }

func countWords(n int64) match.LocalText { return plainWords(strconv.FormatInt(n, 10)) }

func dayWords(n int64) match.LocalText {
	return plainWords(fmt.Sprintf("%04d-%02d-%02d", n/1_00_00, n/1_00%1_00, n%1_00))
}

func yuanWords(n int64) match.LocalText {
	return match.LocalText{ZH: fmt.Sprintf("%d 元", n), EN: fmt.Sprintf("%d yuan", n)}
}

// filterField is the field of a filter that asks for a field of a payload.
func filterField(field string) string { return payloadFields[field].filter }

// confidentialOf is the field of a demand that a field of a payload tells of, for those
// that can be kept confidential.
var confidentialOf = map[string]string{
	match.FieldRegion: "enterprise.region", match.FieldIndustry: "enterprise.industry", match.FieldEnterpriseKind: "enterprise.kind",
	match.FieldBudget: "budget", match.FieldDeadline: "deadline", match.FieldLastDay: "deadline",
}

// failedCondition says what is required and what the record has, which it does not say of
// what a demand keeps confidential.
func failedCondition(r *match.Record, p match.Payload, c match.Condition) match.FailedCondition {
	f := payloadFields[c.Field]
	out := match.FailedCondition{Field: f.record}
	if c.IsNumber() {
		out.Required = bounds(f, c)
	} else {
		out.Required = tokensWanted(f, c)
	}
	switch {
	case r.Demand != nil && r.Demand.IsConfidential(confidentialOf[c.Field]):
		out.Found = match.LocalText{ZH: "保密", EN: "confidential"}
	case c.IsNumber():
		out.Found = notGiven
		if n, ok := p.Numbers[c.Field]; ok {
			out.Found = f.number(n)
		}
	default:
		out.Found = notGiven
		if tokens := finest(p.Tokens[c.Field]); len(tokens) > 0 {
			out.Found = joined(f, tokens, "、", ", ")
		}
	}
	return out
}

var notGiven = match.LocalText{ZH: "未填写", EN: "not given"}

// bounds says what a number must be.
func bounds(f payloadField, c match.Condition) match.LocalText {
	zh, en := f.words.ZH, f.words.EN
	if c.Min != nil {
		w := f.number(*c.Min)
		zh, en = zh+" ≥ "+w.ZH, en+" ≥ "+w.EN
	}
	if c.Max != nil {
		w := f.number(*c.Max)
		zh, en = zh+" ≤ "+w.ZH, en+" ≤ "+w.EN
	}
	return match.LocalText{ZH: zh, EN: en}
}

// tokensWanted says which values are wanted, or which are not.
func tokensWanted(f payloadField, c match.Condition) match.LocalText {
	if len(c.AnyOf) > 0 {
		list := joined(f, c.AnyOf, "、", " or ")
		return match.LocalText{ZH: f.words.ZH + "为 " + list.ZH, EN: f.words.EN + " " + list.EN}
	}
	list := joined(f, c.NoneOf, "、", ", ")
	return match.LocalText{ZH: f.words.ZH + "不为 " + list.ZH, EN: f.words.EN + " none of " + list.EN}
}

func joined(f payloadField, tokens []string, zh, en string) match.LocalText {
	var inZH, inEN []string
	for _, t := range tokens {
		w := f.token(t)
		inZH, inEN = append(inZH, w.ZH), append(inEN, w.EN)
	}
	return match.LocalText{ZH: strings.Join(inZH, zh), EN: strings.Join(inEN, en)}
}

// finest leaves out the tokens of a hierarchy that stand above others: of 44, 4403 and
// 440305 the last one is left.
func finest(tokens []string) (out []string) {
	for _, t := range tokens {
		above := slices.ContainsFunc(tokens, func(o string) bool { return o != t && strings.HasPrefix(o, t) })
		if !above {
			out = append(out, t)
		}
	}
	return out
}
