package vocabulary

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// Enum is a set of values with the words that stand for them.
type Enum[S ~string] struct {
	// Values are all of them.
	Values []S
	// prefix is how the values begin in Protocol Buffers, in lower case.
	prefix string
	words  lexicon[S]
}

// lexicon finds values by their words, and the word for each that is shown, the first one.
type lexicon[S ~string] struct {
	value map[string]S
	word  map[S]string
}

// The sets of values of the domain.
var (
	LegalStatuses = Enum[match.LegalStatus]{match.LegalStatuses, "legal_status_", words[match.LegalStatus]{
		match.Granted:           "有效 授权 有权 专利权维持 维持 授权公告 已授权 部分无效 权利转移 专利权转移 许可备案 质押 active",
		match.Pending:           "审查中 实审 审中 公开 实质审查 在审 公布 申请中 受理",
		match.Lapsed:            "失效 无权 未缴年费 未缴年费终止 未缴年费专利权终止 未缴年费失效 未缴费失效 终止 权利终止 专利权终止 放弃 避免重授 避免重复授权 inactive",
		match.Expired:           "届满 期限届满 有效期届满 专利权有效期届满 专利权届满 期限届满终止 到期",
		match.Revoked:           "宣告无效 无效 全部无效 全部撤销",
		match.Rejected:          "驳回 已驳回",
		match.WithdrawnAtOffice: "撤回 视撤 视为撤回 主动撤回",
	}.byWord()}
	TransferModes = Enum[match.TransferMode]{match.TransferModes, "transfer_mode_", words[match.TransferMode]{
		match.Assignment:       "转让 专利权转让 技术转让 出让 收购 transfer",
		match.Licence:          "许可 普通许可 独占许可 排他许可 普通实施许可 独占实施许可 排他实施许可 专利许可 实施许可 license",
		match.OpenLicence:      "开放许可 openlicense",
		match.UseFirstPayLater: "先使用后付费 先用后付 先试用后付费",
		match.EquityInvestment: "作价入股 入股 作价投资 技术入股 作价出资",
		match.JointDevelopment: "合作开发 联合开发 委托开发 合作研发 共同开发",
	}.byWord()}
	ApplicantKinds = Enum[match.ApplicantKind]{match.ApplicantKinds, "applicant_kind_", words[match.ApplicantKind]{
		match.University:     "高校 大学 院校 高等院校 大专院校 学校",
		match.Institute:      "科研院所 研究所 研究院 科研单位 科研机构 科研院所/机构",
		match.Hospital:       "医院 医疗机构",
		match.EnterpriseHeld: "企业 公司 工矿企业 company",
		match.Person:         "个人 自然人 individual",
	}.byWord()}
	EnterpriseKinds = Enum[match.EnterpriseKind]{match.EnterpriseKinds, "enterprise_kind_", words[match.EnterpriseKind]{
		match.LargeEnterprise: "大型企业 大型 大企业",
		match.SME:             "中小企业 中小微企业 中型企业 小型企业 小微企业 微型企业 科技型中小企业 中小型企业",
		match.HighTech:        "高新技术企业 高新企业 高企 国家高新技术企业",
		match.HighGrowthSME:   "高成长性中小企业 高成长中小企业 高成长企业 高成长 高成长性企业",
		match.InnovativeSME:   "创新型中小企业 创新型企业 创新型",
		match.SpecialisedSME:  "专精特新 专精特新中小企业 专精特新企业",
		match.LittleGiant:     "小巨人 专精特新小巨人 专精特新小巨人企业 专精特新“小巨人” 专精特新“小巨人”企业 小巨人企业",
	}.byWord()}
	DemandStates = Enum[match.DemandState]{match.DemandStates, "demand_state_", words[match.DemandState]{
		match.Open:   "开放 征集中 进行中 有效 发布 已发布 对接中 待解决",
		match.Paused: "暂停 已暂停 中止",
		match.Closed: "关闭 已关闭 已解决 结束 已结束 终止 已对接 已完成",
	}.byWord()}
	Visibilities = Enum[match.Visibility]{[]match.Visibility{match.Public, match.TenantOnly, match.Private}, "visibility_", words[match.Visibility]{
		match.Public:     "公开",
		match.TenantOnly: "本机构 机构内",
		match.Private:    "私有 不公开 保密",
	}.byWord()}
	LabelSources = Enum[match.LabelSource]{[]match.LabelSource{match.ExpertSource, match.EventSource, match.ModelSource}, "label_source_", words[match.LabelSource]{
		match.ExpertSource: "专家 人工", match.EventSource: "事件 行为", match.ModelSource: "模型",
	}.byWord()}
	EventTypes = Enum[match.EventType]{match.EventTypes, "event_type_", words[match.EventType]{
		match.Impression: "曝光 展示 shown", match.View: "查看 浏览 点击 click opened", match.Save: "收藏 保存 saved",
		match.Contact: "联系 接洽 contacted", match.Reply: "回复 答复 replied", match.Rejection: "拒绝 不合适 否决 rejected",
		match.Negotiation: "谈判 洽谈 商谈", match.LicenceSign: "许可 签订许可 license", match.Contract: "签约 合同 成交 signed",
	}.byWord()}
	RejectionReasons = Enum[match.RejectionReason]{match.RejectionReasons, "rejection_reason_", words[match.RejectionReason]{
		match.WrongField: "领域不符", match.WrongProblem: "问题不符", match.Underperforming: "指标不足 性能不足",
		match.NotMature: "不成熟 成熟度不足", match.TooExpensive: "价格 太贵 价格过高", match.WrongTransfer: "转化方式不符 合作方式不符",
		match.DoubtfulRight: "法律状态 权利存疑", match.TooFar: "地区不符 距离太远", match.KnownAlready: "已知 已有",
		match.NoAnswer: "无答复 未回应", match.NeedGone: "需求取消 不再需要", match.RejectedForOther: "其他 其它",
	}.byWord()}
	Sides = Enum[match.Kind]{[]match.Kind{match.PatentKind, match.DemandKind}, "record_kind_", words[match.Kind]{
		match.PatentKind: "专利 专利方 专利权人 供给方 holder", match.DemandKind: "需求 需求方 企业 enterprise",
	}.byWord()}
)

// narrow are the words that say more than the value that they stand for: which licence it is,
// who develops, or what became of a patent that is in force.
var narrow = map[string]bool{
	"普通许可": true, "独占许可": true, "排他许可": true, "普通实施许可": true, "独占实施许可": true, "排他实施许可": true,
	"委托开发": true, "部分无效": true, "权利转移": true, "专利权转移": true, "许可备案": true, "质押": true,
}

// SaysMore tells whether a word of TransferModes or LegalStatuses means only a part of what its
// value does.
func SaysMore(word string) bool { return narrow[Fold(word)] }

// words gives the words of each value, divided by white space.
type words[S ~string] map[S]string

func (w words[S]) byWord() lexicon[S] {
	out := lexicon[S]{map[string]S{}, map[S]string{}}
	for value, list := range w {
		for i, word := range strings.Fields(list) {
			out.value[word] = value
			if i == 0 {
				out.word[value] = word
			}
		}
	}
	return out
}

// Listed names all values for people, in Chinese with a word for each.
func (e Enum[S]) Listed() match.LocalText {
	zh, en := make([]string, len(e.Values)), make([]string, len(e.Values))
	for i, v := range e.Values {
		zh[i], en[i] = e.words.word[v]+" "+string(v), string(v)
	}
	return match.LocalText{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

var underscores = strings.NewReplacer(" ", "_", "-", "_")

// Find gives the value that s stands for; ok is also true, with no value, for
// the unspecified value of Protocol Buffers.
func (e Enum[S]) Find(s string) (value S, ok bool) {
	s = Fold(s)
	s = strings.TrimPrefix(s, e.prefix)
	if s == "unspecified" {
		return "", true
	}
	plain := underscores.Replace(s)
	if slices.Contains(e.Values, S(plain)) {
		return S(plain), true
	}
	value, ok = e.words.value[s]
	return value, ok
}
