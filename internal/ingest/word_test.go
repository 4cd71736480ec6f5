package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestWordsOfPatentTablesAreRead(t *testing.T) {
	fee := func(low, high int64) *match.MoneyRange { return &match.MoneyRange{Min: low, Max: high} }
	both := []match.TransferMode{match.Licence, match.Assignment}
	for _, c := range []struct {
		column, cell string
		want         match.Patent
	}{
		{"法律状态", "未缴年费终止", match.Patent{LegalStatus: match.Lapsed}},
		{"法律状态", "专利权有效期届满", match.Patent{LegalStatus: match.Expired}},
		{"法律状态", "部分无效", match.Patent{LegalStatus: match.Granted, Attributes: map[string]string{"legal_status": "部分无效"}}},
		{"法律状态", "有效-权利转移", match.Patent{LegalStatus: match.Granted, Attributes: map[string]string{"legal_status": "有效-权利转移"}}},
		{"法律状态", "有效", match.Patent{LegalStatus: match.Granted}},
		{"运营方式", "许可或转让", match.Patent{TransferModes: both}},
		{"运营方式", "许可和转让", match.Patent{TransferModes: both}},
		{"许可费", "5-10万元/年", match.Patent{Fee: fee(50_000, 100_000), Attributes: map[string]string{"fee": "5-10万元/年"}}},
		{"许可费", "每年5万元", match.Patent{Fee: fee(50_000, 50_000), Attributes: map[string]string{"fee": "每年5万元"}}},
		{"许可费", "一次性30万元", match.Patent{Fee: fee(300_000, 300_000)}},
		{"许可费", "免费", match.Patent{Fee: fee(0, 0), Attributes: map[string]string{"fee": "免费"}}},
		{"许可费", "价格面议", match.Patent{Attributes: map[string]string{"fee": "价格面议"}}},
		{"成熟度", "小试", match.Patent{Readiness: 4, Attributes: map[string]string{"readiness": "小试"}}},
		{"成熟度", "中试阶段", match.Patent{Readiness: 6, Attributes: map[string]string{"readiness": "中试阶段"}}},
		{"成熟度", "产业化", match.Patent{Readiness: 9, Attributes: map[string]string{"readiness": "产业化"}}},
		{"成熟度", "TRL 7", match.Patent{Readiness: 7}},
		{"所在省市", "广东佛山", match.Patent{Region: "4406"}},
		{"申请人地址", "528200 广东省佛山市南海区桂城街道1号", match.Patent{Region: "4406", Attributes: map[string]string{"申请人地址": "528200 广东省佛山市南海区桂城街道1号"}}},
	} {
		c.want.Number, c.want.Title = "CN1", "t"
		if diff := cmp.Diff(c.want, onePatent(t, "a.csv", "专利号,标题,"+c.column+"\nCN1,t,"+c.cell+"\n")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.column, c.cell, diff)
		}
	}
}

func TestWordsOfDemandTablesAreRead(t *testing.T) {
	for _, c := range []struct {
		column, cell string
		want         match.Demand
	}{
		{"截止日期", "2027-06", match.Demand{Deadline: "2027-06-30"}},
		{"截止日期", "2028年2月", match.Demand{Deadline: "2028-02-29"}},
		{"截止日期", "２０２７年６月", match.Demand{Deadline: "2027-06-30"}},
		{"截止日期", "2027-06-15", match.Demand{Deadline: "2027-06-15"}},
		{"截止日期", "长期有效", match.Demand{Standing: true}},
		{"截止日期", "不限", match.Demand{}},
		{"期望合作方式", "许可或转让", match.Demand{TransferModes: []match.TransferMode{match.Licence, match.Assignment}}},
		{"行业", "计算机、通信和其他电子设备制造业", match.Demand{Enterprise: match.Enterprise{Industry: "C39"}}},
		{"行业", "C38 电气机械和器材制造业", match.Demand{Enterprise: match.Enterprise{Industry: "C38"}}},
		{"预算", "面谈", match.Demand{Attributes: map[string]string{"budget": "面谈"}}},
		{"预算", "免费", match.Demand{Attributes: map[string]string{"budget": "免费"}}},
	} {
		c.want.ID, c.want.Title = "D1", "t"
		if diff := cmp.Diff(c.want, oneDemand(t, "a.csv", "需求编号,需求名称,"+c.column+"\nD1,t,"+c.cell+"\n")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.column, c.cell, diff)
		}
	}
	got := oneDemand(t, "a.csv", "需求编号,需求名称,截止日期,长期需求\nD1,t,长期,否\n")
	if !got.Standing {
		t.Error("长期 in one column does not make the demand standing")
	}
}

func TestARefusedWordIsAnsweredWithTheWordsOfItsLanguage(t *testing.T) {
	for _, c := range []struct {
		kind           match.Kind
		content, field string
		zh, en         string
	}{
		{match.PatentKind, "专利号,标题,转化方式\nCN1,t,赠送\n", "transfer_modes[0]",
			`"赠送" 不是可选值之一（转让 assignment、许可 licence、开放许可 open_licence、先使用后付费 use_first_pay_later、作价入股 equity、合作开发 joint_development）`,
			`"赠送" is not one of assignment, licence, open_licence, use_first_pay_later, equity, joint_development`},
		{match.DemandKind, "需求编号,需求名称,保密字段\nD1,t,颜色\n", "confidential_fields[0]",
			`"颜色" 不是可选值之一（需求名称 title、需求内容 text、企业 enterprise、企业名称 enterprise.name、企业地区 enterprise.region、所属行业 enterprise.industry、企业类型 enterprise.kind、预算 budget、截止日期 deadline、其他 attributes）`,
			`"颜色" is not one of ` + strings.Join(match.ConfidentialFields, ", ")},
	} {
		rows, _ := readAll(t, "a.csv", c.content, Options{Kind: c.kind})
		e, ok := rows[0].Err.(*match.Error)
		if !ok || e.Field != c.field {
			t.Errorf("%q: %v", c.content, rows[0].Err)
			continue
		}
		if diff := cmp.Diff(match.LocalText{ZH: c.zh, EN: c.en}, e.Why()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.content, diff)
		}
	}
}

func TestDaysThatCannotHaveComeAreRefused(t *testing.T) {
	const header = "专利号,标题,申请日,公开日,授权日,失效日\n"
	for row, want := range map[string]string{
		"2021-03-12,2021-09-14,2022-01-04,2041-03-12": "",
		"2026-11-30,,,":                   "",
		"2026-12-01,,,":                   "filing_date: 2026-12-01 lies in the future",
		"2021-03-12,2021-03-11,,":         "publication_date: 2021-03-11 is before the day of filing, 2021-03-12",
		"2021-03-12,,2020-01-01,":         "grant_date: 2020-01-01 is before the day of filing, 2021-03-12",
		"2021-03-12,,,2021-01-01":         "expiry_date: 2021-01-01 is before the day of filing, 2021-03-12",
		",2031-03-12,,2041-03-12":         "publication_date: 2031-03-12 lies in the future",
		"2021-03-12,2021-03-12,,":         "",
		",2021-03-12,2021-03-11,":         "",
		"2021-03-12,2021-09-14,2031-1-1,": "grant_date: 2031-01-01 lies in the future",
	} {
		rows, _ := readAll(t, "a.csv", header+"CN1,t,"+row+"\n", Options{Kind: match.PatentKind, Today: "2026-11-30"})
		got := ""
		if err := rows[0].Err; err != nil {
			got = strings.TrimPrefix(err.Error(), fmt.Sprintf("a.csv, line %d: ", rows[0].Line))
		}
		if got != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
}
