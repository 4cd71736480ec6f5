package intake

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
)

func TestClausesThatAskAreToldFromThoseThatTell(t *testing.T) {
	for _, c := range []struct {
		name, body string
		asks       []bool // by clause
	}{
		{"a wish behind the firm's praise", "我公司成立于2003年，年产阀门3万台，获多项荣誉。希望找到能自动识别断经的装置。", []bool{false, false, false, true}},
		{"a complaint stands for its cure", "我公司年产冷柜3万台。夏天开门多了柜里温度压不住，容易结霜。", []bool{false, true, true}},
		{"what is ruled out", "现用两台设备，不能加长流程，不考虑进口药剂。", []bool{false, true, true}},
		{"terms of business", "漏检率≤1%，能提供样品，价格面议。", []bool{true, false, false}},
		{"English", "The coating must not peel in salt water.", []bool{true}},
	} {
		var got []bool
		for _, x := range Clauses(match.Texts{Body: c.body}) {
			got = append(got, x.Asks > 0.5)
			if runes := []rune(c.body); x.Field != "text" || x.Start >= x.End || x.End > len(runes) {
				t.Errorf("%s: %+v is no clause of the text", c.name, x)
			}
		}
		if len(got) != len(c.asks) {
			t.Errorf("%s: %d clauses, want %d", c.name, len(got), len(c.asks))
			continue
		}
		for i := range got {
			if got[i] != c.asks[i] {
				t.Errorf("%s: clause %d asks: %v, want %v", c.name, i+1, got[i], c.asks[i])
			}
		}
	}
}

func FuzzClausesLieInTheText(f *testing.F) {
	f.Add("标题", "我厂夏天货常常失效，希望不要漏。")
	f.Add("", "：：，\n")
	f.Fuzz(func(t *testing.T, title, body string) {
		for _, c := range Clauses(match.Texts{Title: title, Body: body}) {
			content := []rune(body)
			if c.Field == "title" {
				content = []rune(title)
			}
			if c.Start < 0 || c.Start >= c.End || c.End > len(content) || c.Asks < 0 || c.Asks > 1 {
				t.Errorf("%+v of %d code points", c, len(content))
			}
		}
	})
}
