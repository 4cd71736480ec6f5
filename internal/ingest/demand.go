package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

var demandSetters = map[string]setter{
	"id":                  setID(func(b *builder) *string { return &b.demand.ID }),
	"title":               setText(func(b *builder) *string { return &b.demand.Title }),
	"text":                setText(func(b *builder) *string { return &b.demand.Text }),
	"enterprise.name":     setText(func(b *builder) *string { return &b.demand.Enterprise.Name }),
	"enterprise.region":   setRegion(func(b *builder) *string { return &b.demand.Enterprise.Region }),
	"enterprise.industry": setIndustry,
	"enterprise.kind":     setEnum(enterpriseKinds, func(b *builder) *match.EnterpriseKind { return &b.demand.Enterprise.Kind }),
	"sector":              setCode(func(b *builder) *string { return &b.demand.Sector }),
	"budget":              setMoney(budgetOf),
	"budget.min_cny":      setEnd(budgetOf, lowEnd),
	"budget.max_cny":      setEnd(budgetOf, highEnd),
	"deadline":            setDate(func(b *builder) *match.Date { return &b.demand.Deadline }),
	"transfer_modes":      setModes(func(b *builder) *[]match.TransferMode { return &b.demand.TransferModes }),
	"state":               setEnum(demandStates, func(b *builder) *match.DemandState { return &b.demand.State }),
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
			return match.Invalidf(at(field, i), fmt.Sprintf("%q is not one of %s", shown(s), strings.Join(match.ConfidentialFields, ", ")))
		}
		if !slices.Contains(b.demand.Confidential, name) {
			b.demand.Confidential = append(b.demand.Confidential, name)
		}
	}
	return err
}

var (
	industryForm = regexp.MustCompile(`^[A-T](\d{2,4})?$`)
	// industrySections are the sections of GB/T 4754, A to T.
	industrySections = strings.Fields(`农林牧渔业 采矿业 制造业 电力热力燃气及水生产和供应业 建筑业 批发和零售业
		交通运输仓储和邮政业 住宿和餐饮业 信息传输软件和信息技术服务业 金融业 房地产业 租赁和商务服务业
		科学研究和技术服务业 水利环境和公共设施管理业 居民服务修理和其他服务业 教育 卫生和社会工作
		文化体育和娱乐业 公共管理社会保障和社会组织 国际组织`)
	industryNoise = strings.NewReplacer("、", "", ",", "", "，", "", " ", "")
)

// setIndustry takes a code of GB/T 4754 or the name of a section; another name is
// kept as an attribute.
func setIndustry(b *builder, field string, value any, _ float64) error {
	s, err := code(field, value)
	if err != nil || absent(s) {
		return err
	}
	if upper := strings.ToUpper(s); industryForm.MatchString(upper) {
		b.demand.Enterprise.Industry = upper
		return nil
	}
	if i := slices.Index(industrySections, industryNoise.Replace(s)); i >= 0 {
		b.demand.Enterprise.Industry = string(rune('A' + i))
		return nil
	}
	return b.keep("industry", s)
}
