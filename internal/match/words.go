package match

import (
	"cmp"
	"fmt"
	"strings"
)

// Counted gives a number with its English noun: 1 row, 2 rows, 3 parties.
func Counted[N int | int32 | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Words names the way of transfer for people; one that is not known is itself.
func (m TransferMode) Words() LocalText { return wordsOf(transferWords, m) }

var transferWords = map[TransferMode]LocalText{
	Assignment:       {ZH: "转让", EN: "assignment"},
	Licence:          {ZH: "许可", EN: "licence"},
	OpenLicence:      {ZH: "开放许可", EN: "open licence"},
	UseFirstPayLater: {ZH: "先使用后付费", EN: "use first, pay later"},
	EquityInvestment: {ZH: "作价入股", EN: "equity"},
	JointDevelopment: {ZH: "合作开发", EN: "joint development"},
}

// Words names the verdict for people.
func (v Verdict) Words() LocalText { return verdictWords[v] }

var verdictWords = map[Verdict]LocalText{
	Covered:      {ZH: "满足", EN: "covered"},
	Partly:       {ZH: "部分满足", EN: "partly"},
	Contradicted: {ZH: "不符", EN: "contradicted"},
	Missing:      {ZH: "未提及", EN: "missing"},
}

// Words names the legal status for people; one that is not known is itself.
func (s LegalStatus) Words() LocalText { return wordsOf(statusWords, s) }

var statusWords = map[LegalStatus]LocalText{
	Pending:           {ZH: "审查中", EN: "pending"},
	Granted:           {ZH: "有效", EN: "granted"},
	Lapsed:            {ZH: "终止", EN: "lapsed"},
	Expired:           {ZH: "届满", EN: "expired"},
	Revoked:           {ZH: "宣告无效", EN: "revoked"},
	Rejected:          {ZH: "驳回", EN: "rejected"},
	WithdrawnAtOffice: {ZH: "撤回", EN: "withdrawn"},
}

// Words names the state for people; one that is not known is itself.
func (s DemandState) Words() LocalText { return wordsOf(demandStateWords, s) }

var demandStateWords = map[DemandState]LocalText{
	Open: {ZH: "开放", EN: "open"}, Paused: {ZH: "暂停", EN: "paused"}, Closed: {ZH: "关闭", EN: "closed"},
}

// Words names the kind of applicant for people; one that is not known is itself.
func (k ApplicantKind) Words() LocalText { return wordsOf(applicantWords, k) }

var applicantWords = map[ApplicantKind]LocalText{
	University:     {ZH: "高校", EN: "university"},
	Institute:      {ZH: "科研院所", EN: "institute"},
	Hospital:       {ZH: "医院", EN: "hospital"},
	EnterpriseHeld: {ZH: "企业", EN: "enterprise"},
	Person:         {ZH: "个人", EN: "person"},
}

// Words names the kind of enterprise for people; one that is not known is itself.
func (k EnterpriseKind) Words() LocalText { return wordsOf(enterpriseWords, k) }

var enterpriseWords = map[EnterpriseKind]LocalText{
	LargeEnterprise: {ZH: "大型企业", EN: "large enterprise"},
	SME:             {ZH: "中小企业", EN: "SME"},
	HighTech:        {ZH: "高新技术企业", EN: "high-tech enterprise"},
	HighGrowthSME:   {ZH: "高成长性中小企业", EN: "high-growth SME"},
	InnovativeSME:   {ZH: "创新型中小企业", EN: "innovative SME"},
	SpecialisedSME:  {ZH: "专精特新", EN: "specialised SME"},
	LittleGiant:     {ZH: "专精特新小巨人", EN: "little giant"},
}

// Words names the visibility for people; one that is not known is itself.
func (v Visibility) Words() LocalText { return wordsOf(visibilityWords, v) }

var visibilityWords = map[Visibility]LocalText{
	Public: {ZH: "公开", EN: "public"}, TenantOnly: {ZH: "本机构", EN: "own tenant"}, Private: {ZH: "不公开", EN: "private"},
}

// Words names the step for people; one that is not known is itself.
func (t EventType) Words() LocalText { return inWords(eventWords, t) }

// Words names the reason for people; one that is not known is itself.
func (r RejectionReason) Words() LocalText { return inWords(rejectionWords, r) }

// Words tells for people how far an event was compared; what is not known is itself.
func (p EventProof) Words() LocalText { return inWords(proofWords, p) }

// wordsOf are those of a value, and one that is not known is itself.
func wordsOf[S ~string](words map[S]LocalText, value S) LocalText {
	if w, ok := words[value]; ok {
		return w
	}
	return LocalText{ZH: string(value), EN: string(value)}
}

func inWords[S ~string](chinese map[S]string, value S) LocalText {
	return LocalText{ZH: cmp.Or(chinese[value], string(value)), EN: string(value)}
}

var eventWords = map[EventType]string{
	Impression: "展示", View: "查看", Save: "收藏", Contact: "联系", Reply: "回复", Rejection: "拒绝",
	Negotiation: "洽谈", LicenceSign: "许可", Contract: "签约",
}

var rejectionWords = map[RejectionReason]string{
	WrongField: "领域不符", WrongProblem: "问题不符", Underperforming: "指标不足", NotMature: "不成熟", TooExpensive: "价格过高",
	WrongTransfer: "转化方式不符", DoubtfulRight: "权利存疑", TooFar: "地区不符", KnownAlready: "已知", NoAnswer: "未回应",
	NeedGone: "不再需要", RejectedForOther: "其他",
}

var proofWords = map[EventProof]string{ShownProof: "已核对", UnknownProof: "匹配结果未保存", NoProof: "未指明请求", SaidProof: "来源称已核对"}
