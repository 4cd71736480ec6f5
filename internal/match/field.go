package match

// fieldWords names the fields of a filter, and those of payloads, for people.
var fieldWords = map[string]LocalText{
	"regions": {ZH: "地区", EN: "region"}, FieldRegion: {ZH: "地区", EN: "region"},
	FieldIPC:  {ZH: "IPC 分类", EN: "IPC"},
	"sectors": {ZH: "产业", EN: "sector"}, FieldSector: {ZH: "产业", EN: "sector"},
	"applicant_kinds": {ZH: "申请人类型", EN: "kind of applicant"}, FieldApplicantKind: {ZH: "申请人类型", EN: "kind of applicant"},
	FieldLegalStatus: {ZH: "法律状态", EN: "legal status"},
	"transfer_modes": {ZH: "转化方式", EN: "transfer mode"}, FieldTransferMode: {ZH: "转化方式", EN: "transfer mode"},
	"tiers": {ZH: "分级", EN: "tier"}, FieldTier: {ZH: "分级", EN: "tier"},
	"pools": {ZH: "专利池", EN: "pool"}, FieldPool: {ZH: "专利池", EN: "pool"},
	"industries": {ZH: "行业", EN: "industry"}, FieldIndustry: {ZH: "行业", EN: "industry"},
	"enterprise_kinds": {ZH: "企业类型", EN: "kind of enterprise"}, FieldEnterpriseKind: {ZH: "企业类型", EN: "kind of enterprise"},
	FieldDemandState:     {ZH: "需求状态", EN: "state"},
	FieldFilingDate:      {ZH: "申请日", EN: "filing date"},
	FieldPublicationDate: {ZH: "公开日", EN: "publication date"},
	FieldDeadline:        {ZH: "截止日", EN: "deadline"},
	"max_fee_cny":        {ZH: "费用上限", EN: "highest fee"}, FieldFee: {ZH: "费用", EN: "fee"},
	"min_budget_cny": {ZH: "预算下限", EN: "lowest budget"}, FieldBudget: {ZH: "预算", EN: "budget"},
	"min_readiness": {ZH: "最低技术成熟度", EN: "lowest readiness"}, FieldReadiness: {ZH: "技术成熟度", EN: "readiness"},
}

// FieldWords names a field of a filter or of a payload for people; one that is not known is
// itself.
func FieldWords(field string) LocalText {
	if w, ok := fieldWords[field]; ok {
		return w
	}
	return LocalText{ZH: field, EN: field}
}
