package main

import (
	"regexp"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// filterFlags narrow an answer; see match.Filter. Values may be written as files may
// have them: codes, English names and Chinese ones.
type filterFlags struct {
	Region             []string `help:"Province or city by name, or GB/T 2260 code of any level: 浙江, 44, 440300; a district stands for its city. 地区：名称或代码，区县按所在城市。" placeholder:"REGION"`
	IPC                []string `help:"IPC symbol of any level, such as H01M. IPC 分类。" name:"ipc" placeholder:"SYMBOL"`
	Sector             []string `help:"Sector. 产业。"`
	ApplicantKind      []string `help:"university, institute, hospital, enterprise, person. 申请人类型：高校、科研院所、医院、企业、个人。" placeholder:"KIND"`
	LegalStatus        []string `help:"pending, granted, lapsed, expired, revoked, rejected, withdrawn. 法律状态：审查中、有效、终止、届满、宣告无效、驳回、撤回。" placeholder:"STATUS"`
	TransferMode       []string `help:"assignment, licence, open_licence, use_first_pay_later, equity, joint_development. 转化方式：转让、许可、开放许可、先使用后付费、作价入股、合作开发。" placeholder:"MODE"`
	Tier               []string `help:"Tier of the patent. 分级。"`
	Pool               []string `help:"Patent pool. 专利池。"`
	Industry           []string `help:"GB/T 4754 code of any level, or the name of a section, such as C38 or 制造业. 行业：代码或门类名称。" placeholder:"INDUSTRY"`
	EnterpriseKind     []string `help:"Kind of enterprise, such as high_growth_sme or specialised_sme. 企业类型：如 高新技术企业、专精特新、小巨人。" placeholder:"KIND"`
	DemandState        []string `help:"open, paused, closed. 需求状态：开放、暂停、关闭。" placeholder:"STATE"`
	FiledFrom          string   `help:"First day of filing. 申请日起。" placeholder:"YYYY-MM-DD"`
	FiledTo            string   `help:"Last day of filing. 申请日止。" placeholder:"YYYY-MM-DD"`
	PublishedFrom      string   `help:"First day of publication. 公开日起。" placeholder:"YYYY-MM-DD"`
	PublishedTo        string   `help:"Last day of publication. 公开日止。" placeholder:"YYYY-MM-DD"`
	DeadlineFrom       string   `help:"First deadline. 截止日起。" placeholder:"YYYY-MM-DD"`
	DeadlineTo         string   `help:"Last deadline. 截止日止。" placeholder:"YYYY-MM-DD"`
	MaxFee             int64    `help:"Highest fee in yuan. 费用上限（元）。" placeholder:"CNY"`
	MinBudget          int64    `help:"Lowest budget in yuan. 预算下限（元）。" placeholder:"CNY"`
	MinReadiness       int      `help:"Lowest readiness level, 1 to 9. 最低技术成熟度。" placeholder:"LEVEL"`
	IncludeUnavailable bool     `help:"Include lapsed patents and closed demands. 包括已失效专利和已关闭需求。"`
}

func (f filterFlags) filter() match.Filter {
	return vocabulary.Filter(match.Filter{
		Regions: f.Region, IPC: f.IPC, Sectors: f.Sector, Tiers: f.Tier, Pools: f.Pool, Industries: f.Industry,
		ApplicantKinds:  values[match.ApplicantKind](f.ApplicantKind),
		LegalStatuses:   values[match.LegalStatus](f.LegalStatus),
		TransferModes:   values[match.TransferMode](f.TransferMode),
		EnterpriseKinds: values[match.EnterpriseKind](f.EnterpriseKind),
		DemandStates:    values[match.DemandState](f.DemandState),
		FilingDate:      match.DateRange{From: match.Date(f.FiledFrom), To: match.Date(f.FiledTo)},
		PublicationDate: match.DateRange{From: match.Date(f.PublishedFrom), To: match.Date(f.PublishedTo)},
		Deadline:        match.DateRange{From: match.Date(f.DeadlineFrom), To: match.Date(f.DeadlineTo)},
		MaxFee:          f.MaxFee, MinBudget: f.MinBudget, MinReadiness: f.MinReadiness,
		IncludeUnavailable: f.IncludeUnavailable,
	})
}

// checked gives the filter for records of a kind. Its errors name the flags.
func (f filterFlags) checked(wanted match.Kind) (match.Filter, error) {
	out := f.filter()
	_, err := out.Conditions(wanted, match.DefaultTenant, match.DateOf(time.Now()))
	return out, flagged(err)
}

// flagOf names the flag of each field of a filter.
var flagOf = map[string]string{
	"regions": "--region", "ipc": "--ipc", "applicant_kinds": "--applicant-kind", "legal_statuses": "--legal-status",
	"transfer_modes": "--transfer-mode", "tiers": "--tier", "pools": "--pool", "industries": "--industry",
	"enterprise_kinds": "--enterprise-kind", "demand_states": "--demand-state",
	"filing_date": "--filed-from, --filed-to", "filing_date.from": "--filed-from", "filing_date.to": "--filed-to",
	"publication_date": "--published-from, --published-to", "publication_date.from": "--published-from", "publication_date.to": "--published-to",
	"deadline": "--deadline-from, --deadline-to", "deadline.from": "--deadline-from", "deadline.to": "--deadline-to",
	"max_fee_cny": "--max-fee", "min_budget_cny": "--min-budget", "min_readiness": "--min-readiness",
}

var filterField = regexp.MustCompile(`^filter\.([a-z_.]+)(?:\[\d+\])?$`)

// flagged gives the faults of a filter the names of their flags.
func flagged(err error) error { return match.Renamed(err, byFlag(filterField, flagOf)) }

// byFlag names the flag of a field whose name the pattern finds, and leaves other fields.
func byFlag(pattern *regexp.Regexp, flags map[string]string) func(field string) string {
	return func(field string) string {
		if m := pattern.FindStringSubmatch(field); m != nil && flags[m[1]] != "" {
			return flags[m[1]]
		}
		return field
	}
}

func values[S ~string](in []string) []S {
	out := make([]S, len(in))
	for i, v := range in {
		out[i] = S(v)
	}
	return out
}
