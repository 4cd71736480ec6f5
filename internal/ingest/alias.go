package ingest

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// names lists a field and the names of columns that stand for it, the most
// telling first, in lower case. Spaces, underscores and hyphens do not count.
type names struct {
	field string
	also  string // divided by white space
}

// envelopeNames are the fields of both kinds.
var envelopeNames = []names{
	{"tenant", "租户"},
	{"visibility", "可见范围 可见性"},
	{"withdrawn", "已下架 是否下架"},
	{"rating.mean", "平均评分"},
	{"rating.count", "评分次数 评分人数"},
	{"rating", ""},
	{"attributes", ""},
}

var patentNames = []names{
	{"number", "publicationnumber publicationno 公开(公告)号 公开公告号 公开号 公告号 授权公告号 专利号 专利号码 专利编号 patentnumber patentno patentid 申请号 专利申请号 applicationnumber applicationno 编号 id docid"},
	{"title", "专利名称 发明名称 专利标题 标题 标题(中文) 中文标题 名称 题名 name inventiontitle"},
	{"abstract", "摘要 摘要(中文) 中文摘要 专利摘要 说明书摘要 技术简介 简介 summary description text"},
	{"claims", "权利要求书 权利要求 全部权利要求 主权项 首项权利要求 claim"},
	{"applicants", "当前专利权人 当前权利人 专利权人 申请(专利权)人 申请人/专利权人 权利人 申请人 第一申请人 单位名称 applicant assignees assignee holders holder owner"},
	{"applicant_kind", "申请人类型 专利权人类型 权利人类型 applicantkinds applicanttype assigneetype"},
	{"region", "地区 所在地 所在地区 省市 所在省市 省份 所在省份 省 所属地区 地域 申请人地区 申请人省市 申请人地址 专利权人地址 当前专利权人地址 province location regioncode"},
	{"ipc", "ipc分类号 国际专利分类号 国际分类号 ipc分类 ipc主分类号 主分类号 分类号 ipccodes ipcs"},
	{"sector", "产业 所属产业 产业领域 技术领域"},
	{"filing_date", "申请日 申请日期 applicationdate filed"},
	{"publication_date", "公开(公告)日 公开公告日 公开日 公开日期 公告日 published"},
	{"grant_date", "授权日 授权公告日 授权日期 granted"},
	{"expiry_date", "失效日 到期日 届满日 有效期至 失效日期 到期日期 expirationdate expires"},
	{"legal_status", "法律状态 当前法律状态 专利状态 专利法律状态 法律状态/事件 status"},
	{"family", "同族 同族号 同族专利 专利族 简单同族 familyid"},
	{"transfer_modes", "转化方式 许可方式 交易方式 转让方式 转移转化方式 合作方式 运营方式 转化运用方式 transfermode"},
	{"fee", "许可费 许可费用 费用 价格 转让价格 许可使用费 报价 金额 price"},
	{"fee.min_cny", "最低费用 最低价格 最低许可费 费用下限 mincny feemin"},
	{"fee.max_cny", "最高费用 最高价格 最高许可费 费用上限 maxcny feemax"},
	{"tier", "分级 等级 分级分类 专利分级 专利等级 grade"},
	{"pools", "专利池 所属专利池 pool"},
	{"readiness", "技术成熟度 成熟度 trl 技术就绪度 技术成熟度等级"},
	{"self_rating", "评分 自评 自评分 自评星级 星级"},
}

var demandNames = []names{
	{"id", "需求编号 需求id 编号 需求号 demandid docid"},
	{"title", "需求名称 需求标题 标题 名称 需求题目 项目名称 技术需求名称 题目 name"},
	{"text", "需求内容 需求描述 技术需求 需求详情 技术需求描述 需求说明 内容 描述 详细描述 content description body"},
	{"enterprise.name", "企业名称 需求单位 单位名称 企业 公司名称 需求方 enterprise company"},
	{"enterprise.region", "企业地区 所在地 地区 所在地区 省市 所在省市 省份 所在省份 所属地区 企业所在地 region province"},
	{"enterprise.industry", "所属行业 行业 行业代码 国民经济行业 行业分类 industry"},
	{"enterprise.kind", "企业类型 企业类别 单位类型 企业性质 企业资质 enterprisetype"},
	{"sector", "产业 所属产业 产业领域 技术领域"},
	{"budget", "预算 预算金额 项目预算 投入预算 拟投入资金 意向金额 资金预算 price"},
	{"budget.min_cny", "最低预算 预算下限 budgetmin"},
	{"budget.max_cny", "最高预算 预算上限 budgetmax"},
	{"deadline", "截止日期 截止日 截止时间 有效期至 需求截止日期"},
	{"transfer_modes", "转化方式 合作方式 交易方式 可接受方式 意向合作方式 期望合作方式 拟合作方式 transfermode"},
	{"state", "状态 需求状态 status"},
	{"confidential_fields", "保密字段 保密内容"},
	{"confidential", "是否保密 保密 是否需要保密 是否需保密 保密要求 企业信息是否保密 isconfidential"},
	{"standing", "长期需求 是否长期 长期有效"},
}

// namesOf gives the fields of a kind in the order of errors and documents.
func namesOf(kind match.Kind) []names {
	switch kind {
	case LabelKind:
		return labelNames
	case EventKind:
		return eventNames
	}
	if kind == match.PatentKind {
		return slices.Concat(patentNames, envelopeNames)
	}
	return slices.Concat(demandNames, envelopeNames)
}

func fieldsOf(kind match.Kind) []string {
	var out []string
	for _, n := range namesOf(kind) {
		out = append(out, n.field)
	}
	return out
}

func aliasesOf(kind match.Kind) map[string]alias {
	out := map[string]alias{}
	for _, n := range namesOf(kind) {
		out[normalised(n.field)] = alias{n.field, 0}
		for i, name := range strings.Fields(n.also) {
			out[normalised(name)] = alias{n.field, i + 1}
		}
	}
	return out
}
