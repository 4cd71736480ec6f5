package main

import "github.com/duijie/duijie/internal/match"

// filterFlags narrow an answer; see match.Filter.
type filterFlags struct {
	Region             []string `help:"GB/T 2260 code of any level, such as 44 or 440300. 地区。" placeholder:"CODE"`
	IPC                []string `help:"IPC symbol of any level, such as H01M. IPC 分类。" name:"ipc" placeholder:"SYMBOL"`
	Sector             []string `help:"Sector. 技术领域。"`
	ApplicantKind      []string `help:"university, institute, hospital, enterprise, person. 申请人类型。" placeholder:"KIND"`
	LegalStatus        []string `help:"pending, granted, lapsed, expired, revoked, rejected, withdrawn. 法律状态。" placeholder:"STATUS"`
	TransferMode       []string `help:"assignment, licence, open_licence, use_first_pay_later, equity, joint_development. 转化方式。" placeholder:"MODE"`
	Tier               []string `help:"Tier of the patent. 分级。"`
	Pool               []string `help:"Patent pool. 专利池。"`
	Industry           []string `help:"GB/T 4754 code of any level. 行业。" placeholder:"CODE"`
	EnterpriseKind     []string `help:"Kind of enterprise, such as high_growth_sme. 企业类型。" placeholder:"KIND"`
	DemandState        []string `help:"open, paused, closed. 需求状态。" placeholder:"STATE"`
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
	return match.Filter{
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
	}
}

func values[S ~string](in []string) []S {
	out := make([]S, len(in))
	for i, v := range in {
		out[i] = S(v)
	}
	return out
}
