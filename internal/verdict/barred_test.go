package verdict

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

func TestNamesOfWhatIsRuledOut(t *testing.T) {
	for _, c := range []struct{ element, want string }{
		{"不得含有甲苯", "甲苯"},
		{"不采用电镀", "电镀"},
		{"不使用化肥农药", "化肥农药"},
		{"配方中不含六价铬、氰化物", "六价铬|氰化物"},
		{"不要双组分体系", "双组分"},
		{"溶胶凝胶陶瓷类不要", "溶胶凝胶陶瓷"},
		{"材料里不能含甲醛", "甲醛"},
		{"it must not contain toluene", "toluene"},
		{"Not based on silicone.", "silicone"},
		{"No curing required", "curing"},
		{"without hexavalent chromium", "hexavalent chromium"},
		{"free of lead or cadmium", "lead|cadmium"},
		{"solvent-free", "solvent"},
		{"Silicone is not acceptable", "silicone"},
		// These rule out more than a name, or nothing.
		{"不要老误报", ""},
		{"汽油机带动的不要", ""},
		{"要少用或不用DMSO", ""},
		{"自动认出轮型不用人工换程序", ""},
		{"热分解温度≤400℃，不采用高温熔融", ""},
		{"不停产", ""},
		{"不用超过3小时", ""},
		{"无人机", ""},
		{"不得在刀柄、主轴和工作台上加装东西", ""},
		{"curing required", ""},
		{"耐甲苯", ""},
		{"", ""},
	} {
		var got []string
		for _, n := range barred(text.Folded(c.element)) {
			got = append(got, string(n))
		}
		if d := cmp.Diff(c.want, strings.Join(got, "|")); d != "" {
			t.Errorf("%s: %s", c.element, d)
		}
	}
}

func TestBansOfADemandAndWhatNamesThem(t *testing.T) {
	bans := Bans(match.Texts{Title: "锂回收", Body: "只做铁锂，三元料不做。不得含有甲苯、二甲苯，收率≥95%。Must not contain lead. 生产一天也不停。"})
	var got []string
	for _, b := range bans {
		got = append(got, b.Text)
	}
	if d := cmp.Diff([]string{"三元料不做", "不得含有甲苯、二甲苯", "Must not contain lead"}, got); d != "" {
		t.Fatal(d)
	}
	for _, c := range []struct {
		ban            int
		abstract, want string
	}{
		{0, "本发明处理废旧三元料，回收镍钴锰。", "本发明处理废旧三元料，"},
		{0, "与三元料相比，铁锂更安全。", ""},
		{0, "效果与三元料组相当。", ""},
		{0, "针对三元料价高的问题，本发明改用铁锂。", ""},
		{1, "溶剂为二甲苯。", "溶剂为二甲苯。"},
		{1, "不含甲苯和二甲苯。", ""},
		{2, "The alloy contains 3 % lead as a lubricant.", "The alloy contains 3 % lead as a lubricant."},
		{2, "A lead-free alloy.", ""},
		{2, "", ""},
	} {
		if _, got := FirstNamed(bans[c.ban:c.ban+1], &match.Patent{Title: "一种方法", Abstract: c.abstract}); got != c.want {
			t.Errorf("%s in %q: %q, want %q", bans[c.ban].Text, c.abstract, got, c.want)
		}
	}
}
