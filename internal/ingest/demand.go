package ingest

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

var demandSetters = map[string]setter{
	"id":                  setID(func(b *builder) *string { return &b.demand.ID }),
	"title":               setText(func(b *builder) *string { return &b.demand.Title }),
	"text":                setText(func(b *builder) *string { return &b.demand.Text }),
	"enterprise.name":     setText(func(b *builder) *string { return &b.demand.Enterprise.Name }),
	"enterprise.region":   setRegion(func(b *builder) *string { return &b.demand.Enterprise.Region }),
	"enterprise.industry": setIndustry,
	"enterprise.kind":     setEnum(vocabulary.EnterpriseKinds, func(b *builder) *match.EnterpriseKind { return &b.demand.Enterprise.Kind }),
	"sector":              setCode(func(b *builder) *string { return &b.demand.Sector }),
	"budget":              setMoney(budgetOf),
	"budget.min_cny":      setEnd(budgetOf, lowEnd),
	"budget.max_cny":      setEnd(budgetOf, highEnd),
	"deadline":            setDeadline,
	"transfer_modes":      setModes(func(b *builder) *[]match.TransferMode { return &b.demand.TransferModes }),
	"state":               setEnum(vocabulary.DemandStates, func(b *builder) *match.DemandState { return &b.demand.State }),
	"confidential_fields": setConfidential,
	"confidential":        setConfidential,
	"standing": func(b *builder, field string, value any, _ float64) error {
		standing, err := truth(field, value)
		b.demand.Standing = b.demand.Standing || standing
		return err
	},
}

// setDeadline takes a month for its last day, and 长期有效 for a demand that is standing and has no
// deadline.
func setDeadline(b *builder, field string, value any, unit float64) error {
	if s, ok := value.(string); ok {
		switch folded(s) {
		case "长期有效", "长期", "长期征集", "常年", "常年有效", "不限", "无限期":
			b.demand.Standing = b.demand.Standing || folded(s) != "不限"
			return nil
		}
		if last, ok := match.LastOfMonth(strings.TrimSpace(vocabulary.HalfWidth(s))); ok {
			b.demand.Deadline = last
			return nil
		}
	}
	return setDate(func(b *builder) *match.Date { return &b.demand.Deadline })(b, field, value, unit)
}

func budgetOf(b *builder) **match.MoneyRange { return &b.demand.Budget }

var demandAliases = aliasesOf(match.DemandKind)

// identity is what a demand keeps back of which a table says in one word that it is
// confidential: who it is, and what else stands in its row. Its matter, and what it is
// filtered by, stay open.
var identity = []string{"enterprise.name", "attributes"}

// setConfidential takes whether the demand is confidential, in one word, or the names of
// fields, in any of the words for their columns. 企业 is the enterprise as a whole here.
func setConfidential(b *builder, field string, value any, _ float64) error {
	if absent(value) {
		return nil
	}
	if secret, ok := confidential(value); ok {
		if secret {
			b.withhold(identity...)
			b.kept.withheld = append(b.kept.withheld, b.column)
		}
		return nil
	}
	all, err := values(field, value, withCommas)
	for i, s := range all {
		name := folded(s)
		if known, ok := demandAliases[normalised(s)]; ok {
			name = known.field
		}
		switch folded(s) {
		case "企业", "企业信息", "enterprise":
			name = "enterprise"
		case "attributes", "其他", "其他信息":
			name = "attributes"
		}
		if !slices.Contains(match.ConfidentialFields, name) {
			err = match.Faults(err, match.Invalidf(at(field, i), "%q is not one of %s", shown(s), confidentialFields))
			continue
		}
		b.withhold(name)
	}
	return err
}

// confidentialFields lists the fields that can be kept back, in Chinese with a word for each.
var confidentialFields = func() match.LocalText {
	words := map[string]string{"enterprise": "企业", "attributes": "其他"}
	for _, n := range demandNames {
		if first := strings.Fields(n.also); len(first) > 0 {
			words[n.field] = first[0]
		}
	}
	zh := make([]string, len(match.ConfidentialFields))
	for i, f := range match.ConfidentialFields {
		zh[i] = words[f] + " " + f
	}
	return match.LocalText{ZH: strings.Join(zh, "、"), EN: strings.Join(match.ConfidentialFields, ", ")}
}()

// confidential reads whether a demand is confidential; ok is false for what says something
// else.
func confidential(value any) (secret, ok bool) {
	if secret, ok := value.(bool); ok {
		return secret, true
	}
	s, err := code("", value)
	switch folded(s) {
	case "是", "保密", "需保密", "yes", "y", "true", "1":
		return true, err == nil
	case "否", "不保密", "公开", "不需要", "no", "n", "false", "0":
		return false, err == nil
	}
	return false, false
}

// withhold makes fields of the demand confidential.
func (b *builder) withhold(fields ...string) {
	for _, f := range fields {
		if !slices.Contains(b.demand.Confidential, f) {
			b.demand.Confidential = append(b.demand.Confidential, f)
		}
	}
}

// setIndustry takes a code of GB/T 4754 or the name of a section; another name is
// kept as an attribute.
func setIndustry(b *builder, field string, value any, _ float64) error {
	s, err := code(field, value)
	if err != nil || absent(s) {
		return err
	}
	known, ok := vocabulary.Industry(s)
	if !ok {
		return b.keepValue("industry", s)
	}
	b.demand.Enterprise.Industry = known
	return nil
}
