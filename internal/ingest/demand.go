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
	"deadline":            setDate(func(b *builder) *match.Date { return &b.demand.Deadline }),
	"transfer_modes":      setModes(func(b *builder) *[]match.TransferMode { return &b.demand.TransferModes }),
	"state":               setEnum(vocabulary.DemandStates, func(b *builder) *match.DemandState { return &b.demand.State }),
	"confidential_fields": setConfidential,
	"standing": func(b *builder, field string, value any, _ float64) (err error) {
		b.demand.Standing, err = truth(field, value)
		return err
	},
}

func budgetOf(b *builder) **match.MoneyRange { return &b.demand.Budget }

var demandAliases = aliasesOf(match.DemandKind)

// setConfidential takes the names of fields, in any of the words for their
// columns. 企业 is the enterprise as a whole here.
func setConfidential(b *builder, field string, value any, _ float64) error {
	if absent(value) {
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
			err = match.Faults(err, match.Invalidf(at(field, i), "%q is not one of %s", shown(s), strings.Join(match.ConfidentialFields, ", ")))
			continue
		}
		if !slices.Contains(b.demand.Confidential, name) {
			b.demand.Confidential = append(b.demand.Confidential, name)
		}
	}
	return err
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
