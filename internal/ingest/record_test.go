package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestAPatentTableInChinese(t *testing.T) {
	header := "序号,申请号,公开（公告）号,发明名称,摘要,权利要求书,申请（专利权）人,申请人类型,省市,IPC分类号,申请日,公开（公告）日,授权日,失效日,法律状态,同族,交易方式,许可费（万元）,专利等级,专利池,技术成熟度,评分,联系电话\n"
	row := `7,CN202110312001.5,CN113001A,一种电池," 高镍 ","1. 一种…
2. 如…",清华大学；华为技术有限公司,高校;企业,广东省深圳市,H01M10/0525; H01M4/36,2021.3.24,2021-06-22,2022年1月5日,20410324,有效-授权,F1,转让、普通许可,10-20,A,"动力电池池,储能池",TRL 6,4星,0755-1`
	want := match.Patent{
		Number: "CN113001A", Title: "一种电池", Abstract: "高镍", Claims: "1. 一种…\n2. 如…",
		Applicants: []match.Applicant{{Name: "清华大学", Kind: match.University}, {Name: "华为技术有限公司", Kind: match.EnterpriseHeld}},
		Region:     "4403", IPC: []string{"H01M 10/0525", "H01M 4/36"},
		FilingDate: "2021-03-24", PublicationDate: "2021-06-22", GrantDate: "2022-01-05", ExpiryDate: "2041-03-24",
		LegalStatus: match.Granted, Family: "F1", TransferModes: []match.TransferMode{match.Assignment, match.Licence},
		Fee: &match.MoneyRange{Min: 100000, Max: 200000}, Tier: "A", Pools: []string{"动力电池池", "储能池"}, Readiness: 6, SelfRating: 4,
		Attributes: map[string]string{"序号": "7", "申请号": "CN202110312001.5", "联系电话": "0755-1", "transfer_modes": "转让、普通许可"},
	}
	if diff := cmp.Diff(want, onePatent(t, "a.csv", header+row)); diff != "" {
		t.Errorf("patent (-want +got):\n%s", diff)
	}
}

func TestADemandTableInChinese(t *testing.T) {
	header := "需求编号*;需求名称;技术需求描述;企业名称;所在地;所属行业;企业类型;预算（万元）;截止日期;合作方式;需求状态;保密字段;长期需求;联系人\n"
	row := "D-1;回收锂电池;要求回收率≥95%;某某科技有限公司;苏州市;制造业;专精特新“小巨人”企业;50以上;2026/12/31;许可，合作开发;征集中;企业名称、预算;是;王工"
	want := match.Demand{
		ID: "D-1", Title: "回收锂电池", Text: "要求回收率≥95%",
		Enterprise: match.Enterprise{Name: "某某科技有限公司", Region: "3205", Industry: "C", Kind: match.LittleGiant},
		Budget:     &match.MoneyRange{Min: 500000}, Deadline: "2026-12-31",
		TransferModes: []match.TransferMode{match.Licence, match.JointDevelopment}, State: match.Open,
		Confidential: []string{"enterprise.name", "budget", "attributes"}, Standing: true,
		Attributes: map[string]string{"联系人": "王工"},
	}
	if diff := cmp.Diff(want, oneDemand(t, "a.csv", header+row)); diff != "" {
		t.Errorf("demand (-want +got):\n%s", diff)
	}
}

func TestPatentsInJSONByTheirAliases(t *testing.T) {
	got := onePatent(t, "a.json", `[{"_id":12345,"title":" t ","text":"body","assignee":"张三","ipc":"h01m 10/0525","region":440300,
		"readiness":"6","fee":{"max_cny":5},"class":3,"tags":["a",1,{"b":null}],"note":null,"ok":true,"法律状态":"授权","attributes":{"k":""}}]`)
	want := match.Patent{
		Number: "12345", Title: " t ", Abstract: "body", Applicants: []match.Applicant{{Name: "张三", Kind: match.Person}},
		IPC: []string{"H01M 10/0525"}, Region: "440300", Readiness: 6, Fee: &match.MoneyRange{Max: 5}, LegalStatus: match.Granted,
		Attributes: map[string]string{"class": "3", "tags": `["a",1,{"b":null}]`, "ok": "true", "k": ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("patent (-want +got):\n%s", diff)
	}
}

func TestApplicantsAreCutWhereItIsSafe(t *testing.T) {
	for in, want := range map[string][]string{
		"甲公司,乙公司":                     {"甲公司", "乙公司"},
		"甲公司，乙公司;丙公司":                 {"甲公司", "乙公司", "丙公司"},
		"Foo Co., Ltd.; Bar Inc.":     {"Foo Co., Ltd.", "Bar Inc."},
		"甲公司|乙公司\n丙公司、丁公司；":           {"甲公司", "乙公司", "丙公司", "丁公司"},
		"ABC (Shanghai) Co., Ltd，乙公司": {"ABC (Shanghai) Co., Ltd", "乙公司"},
	} {
		var got []string
		for _, name := range applicantNames(in) {
			got = append(got, name.(string))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func TestWhatHasNoFieldIsKeptAndCounted(t *testing.T) {
	content := "编号,名称,地区,许可费,备注,备注,\n1,t,火星,免费,a,b,c\n2,t,,,a,,\nbad id,t,,,a,,\n"
	rows, summary := readAll(t, "a.csv", content, Options{Kind: match.PatentKind})
	want := map[string]string{"region": "火星", "fee": "免费", "备注": "a", "备注 (2)": "b", "column 7": "c"}
	if diff := cmp.Diff(want, rows[0].Record.Patent.Attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	counts := read(3, 2, 1, map[string]int{"备注": 2, "备注 (2)": 1, "column 7": 1})
	counts.Unknown = map[string]Values{"region": {1, []string{"火星"}}}
	if diff := cmp.Diff(counts, summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

func TestNumbersAreReadInOneForm(t *testing.T) {
	for _, c := range []struct {
		kind    match.Kind
		content string
	}{
		{match.PatentKind, "专利号,标题\n%s,t\n"},
		{LabelKind, "需求编号,专利号,等级\nD1,%s,3\n"},
		{EventKind, "需求编号,专利号,行为,行为方\nD1,%s,签约,需求方\n"},
	} {
		for in, want := range map[string]string{"ZL202110312047.B": "CN202110312047B", "ｃｎ 2021-10312047 b": "CN202110312047B", "1.20211E+11": ""} {
			rows, _ := readAll(t, "a.csv", fmt.Sprintf(c.content, in), Options{Kind: c.kind})
			row, got := rows[0], ""
			switch {
			case row.Err != nil:
				if !strings.Contains(match.Localised(row.Err).ZH, "电子表格") {
					t.Errorf("%s: %v", in, row.Err)
				}
			case row.Label != nil:
				got = row.Label.Patent
			case row.Event != nil:
				got = row.Event.Patent
			default:
				got = row.Record.ID
			}
			if got != want {
				t.Errorf("%s in a %s is %q, want %q", in, c.kind, got, want)
			}
		}
	}
}

func TestWordsThatSayMoreThanTheirFieldAreKept(t *testing.T) {
	tests := []struct {
		content string
		kind    match.Kind
		want    map[string]string
		unknown map[string]Values // what is told of
	}{
		{"编号,名称,许可费,许可方式\n1,t,面议,独占许可；普通许可\n", match.PatentKind, map[string]string{"fee": "面议", "transfer_modes": "独占许可；普通许可"}, map[string]Values{"fee": {1, []string{"面议"}}}},
		{"编号,名称,最低费用,许可方式\n1,t,另议,许可、转让\n", match.PatentKind, map[string]string{"fee.min_cny": "另议"}, map[string]Values{"fee.min_cny": {1, []string{"另议"}}}},
		{"编号,名称,地区\n1,t,990000\n", match.PatentKind, map[string]string{"region": "990000"}, map[string]Values{"region": {1, []string{"990000"}}}},
		{"需求编号,需求名称,所属行业\n1,t,C9999\n", match.DemandKind, map[string]string{"industry": "C9999"}, map[string]Values{"industry": {1, []string{"C9999"}}}},
		{"需求编号,需求名称,预算,合作方式\n1,t,不限,委托开发\n", match.DemandKind, map[string]string{"budget": "不限", "transfer_modes": "委托开发"}, map[string]Values{"budget": {1, []string{"不限"}}}},
		{"编号,名称,许可费,许可方式\n1,t,-,不限\n", match.PatentKind, nil, map[string]Values{}},
	}
	for _, test := range tests {
		rows, summary := readAll(t, "a.csv", test.content, Options{Kind: test.kind})
		r := rows[0].Record
		if rows[0].Err != nil {
			t.Errorf("%s: %v", test.content, rows[0].Err)
			continue
		}
		got := map[match.Kind]func() map[string]string{
			match.PatentKind: func() map[string]string { return r.Patent.Attributes }, match.DemandKind: func() map[string]string { return r.Demand.Attributes },
		}[test.kind]()
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%sattributes (-want +got):\n%s", test.content, diff)
		}
		if diff := cmp.Diff(test.unknown, summary.Unknown); diff != "" {
			t.Errorf("%sunknown values (-want +got):\n%s", test.content, diff)
		}
	}
}

func TestTheMapGoesBeforeTheBuiltInNames(t *testing.T) {
	options := Options{Kind: match.PatentKind, Tenant: "lab", Map: map[string]string{
		"title": "短名", "专利号": "KEY", "attributes.dept": "部门", "fee": "底价（万元）"}}
	rows, summary := readAll(t, "a.csv", "key,标题,短名,部门,底价（万元）\nK1,长,短,一部,3\n", options)
	want := match.NewPatent("lab", match.Patent{Number: "K1", Title: "短", Fee: &match.MoneyRange{Min: 30000, Max: 30000},
		Attributes: map[string]string{"标题": "长", "dept": "一部"}})
	if diff := cmp.Diff(want, rows[0].Record); rows[0].Err != nil || diff != "" {
		t.Errorf("error %v, record (-want +got):\n%s", rows[0].Err, diff)
	}
	if diff := cmp.Diff(map[string]int{"标题": 1}, summary.Kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestASecondColumnStandsInWhereTheFirstIsEmpty(t *testing.T) {
	rows, _ := readAll(t, "a.csv", "申请号,公开号,编号,名称\nA1,B1,C1,t\nA2,,C2,t\n,,C3,t\n", Options{Kind: match.PatentKind})
	want := []match.Patent{
		{Number: "B1", Title: "t", Attributes: map[string]string{"申请号": "A1", "编号": "C1"}},
		{Number: "A2", Title: "t", Attributes: map[string]string{"编号": "C2"}},
		{Number: "C3", Title: "t"},
	}
	for i, row := range rows {
		if row.Err != nil {
			t.Fatal(row.Err)
		}
		if diff := cmp.Diff(want[i], *row.Record.Patent); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestTheEnvelopeOfARow(t *testing.T) {
	rows, _ := readAll(t, "a.jsonl", `{"id":"1","title":"t","tenant":"lab","visibility":"VISIBILITY_PRIVATE","withdrawn":true}`, Options{Kind: match.DemandKind})
	if r := rows[0].Record; rows[0].Err != nil || r.Tenant != "lab" || r.Visibility != match.Private || !r.Withdrawn {
		t.Errorf("record %+v, error %v", r, rows[0].Err)
	}
}
