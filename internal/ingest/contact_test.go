package ingest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestAColumnSaysThatADemandIsConfidential(t *testing.T) {
	for _, c := range []struct {
		header, cell string
		want         []string
	}{
		{"是否保密", "是", []string{"enterprise.name", "attributes"}},
		{"保密（是/否）", "Yes", []string{"enterprise.name", "attributes"}},
		{"是否保密", "保密", []string{"enterprise.name", "attributes"}},
		{"confidential", "true", []string{"enterprise.name", "attributes"}},
		{"保密字段", "是", []string{"enterprise.name", "attributes"}},
		{"是否保密", "否", nil},
		{"保密", "no", nil},
		{"是否保密", "", nil},
		{"保密", "预算、企业地区", []string{"budget", "enterprise.region"}},
		{"confidential", "text", []string{"text"}},
	} {
		rows, summary := readAll(t, "a.csv", "需求编号,需求名称,企业名称,"+c.header+"\nD1,t,甲公司,"+c.cell+"\n", Options{Kind: match.DemandKind})
		if rows[0].Err != nil {
			t.Errorf("%s %q: %v", c.header, c.cell, rows[0].Err)
			continue
		}
		d := rows[0].Record.Demand
		if diff := cmp.Diff(c.want, d.Confidential); diff != "" || len(d.Attributes) > 0 {
			t.Errorf("%s %q: %v, attributes %v", c.header, c.cell, diff, d.Attributes)
		}
		if told := len(summary.Withheld) > 0; told != (len(c.want) > 0 && c.want[0] == "enterprise.name") {
			t.Errorf("%s %q: told is %v", c.header, c.cell, summary.Withheld)
		}
	}
	rows, summary := readAll(t, "a.csv", "需求编号,需求名称,保密字段,是否保密\nD1,t,预算,是\nD2,t,,也许\n", Options{Kind: match.DemandKind})
	if diff := cmp.Diff([]string{"budget", "enterprise.name", "attributes"}, rows[0].Record.Demand.Confidential); diff != "" {
		t.Error("both columns: ", diff)
	}
	if diff := cmp.Diff(map[string]int{"是否保密": 1}, summary.Withheld); diff != "" || rows[1].Err == nil {
		t.Error(diff, rows[1].Err)
	}
}

func TestWhomToReachIsShownToNoHolder(t *testing.T) {
	for name, contact := range map[string]bool{
		"联系人": true, "联系电话": true, "手机号码": true, "项目联系人邮箱": true, "微信号": true, "E-mail": true, "Phone number": true, "contact_person": true, "Contact": true,
		"电话（办公）": true, "TEL": true, "QQ": true, "hotel": false, "contact angle": false, "备注": false, "联系城市": false, "attributes.电话": false,
	} {
		rows, summary := readAll(t, "a.csv", "需求编号,需求名称,"+name+"\nD1,t,13900000000\nD2,t,\n", Options{Kind: match.DemandKind})
		for i, row := range rows {
			if row.Err != nil {
				t.Fatal(row.Err)
			}
			d := row.Record.Demand
			if got := d.IsConfidential("attributes"); got != (contact && i == 0) {
				t.Errorf("%s of %s: confidential is %v", name, d.ID, got)
			}
		}
		if got := summary.Withheld[name]; got == 1 != contact {
			t.Errorf("%s: told is %v", name, summary.Withheld)
		}
		_, summary = readAll(t, "a.csv", "专利号,标题,"+name+"\nCN1,t,13900000000\n", Options{Kind: match.PatentKind})
		if got := summary.Contacts[name]; got == 1 != contact || len(summary.Withheld) > 0 {
			t.Errorf("%s of a patent: told is %v", name, summary.Contacts)
		}
	}
}

func TestWhatIsDroppedOfARegionIsTold(t *testing.T) {
	rows, summary := readAll(t, "a.csv", "专利号,标题,地区\nCN1,t,佛山市南海区\nCN2,t,江苏省南京市\nCN3,t,朝阳\nCN4,t,北京海淀\n", Options{Kind: match.PatentKind})
	var regions []string
	for _, row := range rows {
		regions = append(regions, row.Record.Patent.Region)
	}
	if diff := cmp.Diff([]string{"4406", "3201", "", "11"}, regions); diff != "" {
		t.Error(diff)
	}
	want := read(4, 4, 0, map[string]int{})
	want.Unknown = map[string]Values{"region": {1, []string{"朝阳"}}}
	want.Shortened = map[string]Values{"region": {2, []string{"佛山市南海区 → 4406", "北京海淀 → 11"}}}
	if diff := cmp.Diff(want, summary); diff != "" {
		t.Error(diff)
	}
}
