package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func TestFilterFlagsTakeChineseAndNameTheFlagThatIsWrong(t *testing.T) {
	good := filterFlags{Region: []string{"浙江"}, TransferMode: []string{"开放许可", "equity"}, LegalStatus: []string{"有效"}, FiledFrom: "2020/1/2"}
	got, err := good.checked(match.PatentKind)
	want := match.Filter{
		Regions: []string{"33"}, TransferModes: []match.TransferMode{match.OpenLicence, match.EquityInvestment},
		LegalStatuses: []match.LegalStatus{match.Granted}, FilingDate: match.DateRange{From: "2020-01-02"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for _, c := range []struct {
		flags  filterFlags
		wanted match.Kind
		zh, en string
	}{
		{filterFlags{TransferMode: []string{"equity", "gift"}}, match.PatentKind,
			`--transfer-mode："gift" 不是可选值之一（assignment, licence, open_licence, use_first_pay_later, equity, joint_development）`,
			`--transfer-mode: "gift" is not one of assignment, licence, open_licence, use_first_pay_later, equity, joint_development`},
		{filterFlags{Region: []string{"火星"}, FiledTo: "soon"}, match.PatentKind,
			`--region："火星" 不是地区，或有多处同名：请用 GB/T 2260 代码（如 44）或名称（如 浙江、朝阳市）；--filed-to："soon" 不是 YYYY-MM-DD 形式的日期`,
			`--region: "火星" is not a region, or the name of several: give a GB/T 2260 code such as 44, or a name such as 浙江 or 朝阳市; --filed-to: "soon" is not a day written YYYY-MM-DD`},
		{filterFlags{MaxFee: 3}, match.DemandKind, `--max-fee：需求没有这个字段`, `--max-fee: a demand has no such field`},
	} {
		_, err := c.flags.checked(c.wanted)
		if diff := cmp.Diff(match.LocalText{ZH: c.zh, EN: c.en}, match.Localised(err)); diff != "" {
			t.Error(diff)
		}
	}
}
