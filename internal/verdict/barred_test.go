package verdict

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
