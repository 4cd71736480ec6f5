package ingest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	span := func(low, high int64) *match.MoneyRange { return &match.MoneyRange{Min: low, Max: high} }
	tests := []struct {
		in   any
		unit float64
		want *match.MoneyRange
	}{
		{"50万", 1, span(500000, 500000)}, {"50", 1e4, span(500000, 500000)}, {"5000", 1, span(5000, 5000)},
		{"10-20万元", 1, span(100000, 200000)}, {"10万-20万", 1, span(100000, 200000)}, {"5千～1万元", 1, span(5000, 10000)},
		{"0.5亿", 1, span(5e7, 5e7)}, {"￥1,200,000元", 1, span(1200000, 1200000)}, {"１０至２０万", 1, span(100000, 200000)},
		{"50万以上", 1, span(500000, 0)}, {"≥50万元", 1, span(500000, 0)}, {"不超过 30万元", 1, span(0, 300000)}, {"100万元以内", 1, span(0, 1e6)},
		{"", 1, nil}, {"-", 1, nil}, {"0.1万", 1, span(1000, 1000)},
		{json.Number("120000"), 1, span(120000, 120000)}, {json.Number("1.5"), 1e4, span(15000, 15000)},
	}
	for _, test := range tests {
		got, err := money("fee", test.in, test.unit)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%v in %v: error %v (-want +got):\n%s", test.in, test.unit, err, diff)
		}
	}
	for _, bad := range []any{"五十万", "-5万", "1-2-3", "10万至", "99999亿亿", "1e5", "100万以上以下", "10-20万以上", true, "99999999999亿"} {
		if got, err := money("fee", bad, 1); err == nil {
			t.Errorf("%v is read as %v", bad, got)
		}
	}
}

func TestKindsOfApplicantsAreGuessed(t *testing.T) {
	for name, want := range map[string]match.ApplicantKind{
		"清华大学": match.University, "深圳职业技术学院": match.University, "中国科学院物理研究所": match.Institute,
		"清华大学深圳国际研究生院": match.University, "中国电力科学研究院有限公司": match.EnterpriseHeld, "浙江大学医学院附属第一医院": match.Hospital,
		"华为技术有限公司": match.EnterpriseHeld, "红旗机械厂": match.EnterpriseHeld, "海尔集团": match.EnterpriseHeld,
		"张三": match.Person, "欧阳明日": match.Person, "Huawei Technologies Co., Ltd.": "", "王": "", "某某某某某": "",
	} {
		if got := guessKind(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestEnumsInChineseEnglishAndProtocolBuffers(t *testing.T) {
	check := func(name string, got, want any, err error) {
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v (error %v), want %v", name, got, err, want)
		}
	}
	for in, want := range map[string]match.LegalStatus{
		"授权": match.Granted, "有效": match.Granted, "实审": match.Pending, "审中-公开": match.Pending, "失效-未缴年费": match.Lapsed,
		"失效-届满": match.Expired, "无效": match.Revoked, "驳回": match.Rejected, "视撤": match.WithdrawnAtOffice, "有效;授权": match.Granted,
		"granted": match.Granted, "Granted": match.Granted, "LEGAL_STATUS_GRANTED": match.Granted, "LEGAL_STATUS_UNSPECIFIED": "", "": "", "无": "",
	} {
		got, err := enum[match.LegalStatus]{vocabulary.LegalStatuses}.read("legal_status", in)
		check(in, got, want, err)
	}
	for in, want := range map[string][]match.TransferMode{
		"转让、许可":                      {match.Assignment, match.Licence},
		"普通许可;独占许可;排他许可":             {match.Licence},
		"开放许可":                       {match.OpenLicence},
		"先使用后付费，作价入股":                {match.UseFirstPayLater, match.EquityInvestment},
		"合作开发/转让":                    {match.JointDevelopment, match.Assignment},
		"不限":                         nil,
		"TRANSFER_MODE_OPEN_LICENCE": {match.OpenLicence},
		"Use first pay later":        {match.UseFirstPayLater},
	} {
		got, err := enum[match.TransferMode]{vocabulary.TransferModes}.list("transfer_modes", in, "不限")
		check(in, got, want, err)
	}
	for in, want := range map[string]match.EnterpriseKind{
		"专精特新小巨人": match.LittleGiant, "专精特新": match.SpecialisedSME, "高新技术企业": match.HighTech, "ENTERPRISE_KIND_SME": match.SME,
	} {
		got, err := enum[match.EnterpriseKind]{vocabulary.EnterpriseKinds}.read("enterprise.kind", in)
		check(in, got, want, err)
	}
	for in, want := range map[string]match.DemandState{"征集中": match.Open, "暂停": match.Paused, "已解决": match.Closed, "DEMAND_STATE_CLOSED": match.Closed} {
		got, err := enum[match.DemandState]{vocabulary.DemandStates}.read("state", in)
		check(in, got, want, err)
	}
}

func TestWholeNumbersInWords(t *testing.T) {
	for in, want := range map[any]int{"6": 6, "TRL6": 6, "trl 7": 7, "第5级": 5, "4星": 4, json.Number("3"): 3, json.Number("3.0"): 3, "８级": 8} {
		if got, err := integer("readiness", in); err != nil || got != want {
			t.Errorf("%v is %d (error %v), want %d", in, got, err, want)
		}
	}
	for _, bad := range []any{"6.5", "six", "", true, json.Number("1e300"), "NaN"} {
		if got, err := integer("readiness", bad); err == nil {
			t.Errorf("%v is read as %d", bad, got)
		}
	}
}

func TestNoNameStandsForTwoFields(t *testing.T) {
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		seen := map[string]string{}
		for _, n := range namesOf(kind) {
			if patentSetters[n.field] == nil && demandSetters[n.field] == nil && envelopeSetters[n.field] == nil {
				t.Errorf("%s has no setter", n.field)
			}
			for _, name := range append(strings.Fields(n.also), n.field) {
				key := normalised(name)
				if other, twice := seen[key]; twice {
					t.Errorf("%s stands for %s and %s of a %s", name, other, n.field, kind)
				}
				seen[key] = n.field
			}
		}
	}
}
