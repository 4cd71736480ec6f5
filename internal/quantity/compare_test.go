package quantity

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// only parses a text that states one quantity.
func only(t *testing.T, s string) Quantity {
	t.Helper()
	all := Parse(s)
	if len(all) != 1 {
		t.Fatalf("%s: %d quantities, want one: %s", s, len(all), described(all))
	}
	return all[0]
}

func TestAnOfferIsJudgedByTheValuesItAllows(t *testing.T) {
	for _, c := range []struct {
		requirement, offered string
		want                 Verdict
	}{
		{"韧性≥67%", "韧性达到70%", Met},
		{"韧性≥67%", "韧性为67%", Met},
		{"韧性>67%", "韧性为67%", Unmet},
		{"韧性≥67%", "韧性为60%", Unmet},
		{"韧性≥67%", "韧性60%-70%", Partly},
		{"韧性≥67%", "韧性≥50%", Partly},
		{"韧性≥67%", "韧性约70%", Partly},
		{"厚度不大于2毫米", "厚度0.1cm", Met},
		{"厚度不大于2毫米", "厚度3000μm", Unmet},
		{"温度20~30℃", "温度25±2℃", Met},
		{"温度20~30℃", "温度295K", Met},
		{"温度20~30℃", "温度300~400K", Partly},
		{"压力≥8公斤/cm²", "压力1MPa", Met},
		{"成本不超过3.5万元/吨", "成本30元/kg", Met},
		{"处理量不低于500吨/天", "处理量1000kg/h", Unmet},
		{"定位精度±0.02mm", "定位精度±10μm", Met},
		{"定位精度±0.02mm", "定位精度±0.05mm", Unmet},
		{"效率提高30%以上", "效率提高40%", Met},
		{"效率提高30%以上", "效率为40%", Unknown},
		{"处理量330t/h", "处理量400t/h", Unknown},
		{"处理量330t/h", "处理量330t/h", Met},
		{"硬度≥60HRC", "硬度800HV", Unknown},
		{"载荷5kg", "长度5m", Unknown},
		{"能耗≤80kWh/t", "能耗200MJ/t", Met},
	} {
		if got := Compare(only(t, c.requirement), only(t, c.offered)); got != c.want {
			t.Errorf("%s, offered %s: %s, want %s", c.requirement, c.offered, got, c.want)
		}
	}
}

func TestAgreementCountsRequirementsByTheirProperty(t *testing.T) {
	demand := "要求抗冲击韧性≥67%，堆积密度≥1.80克/立方厘米，耐温不低于800℃。"
	for _, c := range []struct {
		patent string
		want   [3]int
	}{
		{"所得单晶的冲击韧性为70%，堆积密度为1850kg/m³，耐温达到900℃。", [3]int{3, 0, 0}},
		{"所得单晶的冲击韧性为50%，堆积密度为1850kg/m³。", [3]int{1, 1, 1}},
		{"转化率达到99%。", [3]int{0, 0, 3}},
		{"", [3]int{0, 0, 3}},
	} {
		met, contradicted, missing := Agreement(demand, c.patent)
		if diff := cmp.Diff(c.want, [3]int{met, contradicted, missing}); diff != "" {
			t.Errorf("%s: %s", c.patent, diff)
		}
	}
}

func TestThePropertyIsTheNounBefore(t *testing.T) {
	for text, want := range map[string]string{
		"抗冲击韧性≥67%":                  "抗冲击韧性",
		"要求抗拉强度不低于800MPa":            "抗拉强度",
		"将整机的能耗降低20%以上":              "能耗",
		"降低整机重量20%以上":                "整机重量",
		"合格率提高到99%":                  "合格率",
		"功率不大于2.2KW":                 "功率",
		"涂层厚度：0.8-1.2mm":             "涂层厚度",
		"使用寿命至少5年":                   "使用寿命",
		"60℃以上":                      "",
		"能量密度≥300Wh/kg的电池":           "能量密度",
		"排风量必须达到20000m3/h":           "排风量",
		"tensile strength ≥ 800 MPa": "tensile strength",
	} {
		if got := only(t, text).Property; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestCompareIsMetByItselfAndUnmetWithoutSharedValues(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) Quantity {
		u, _ := ParseUnit(rapid.SampledFrom([]string{"mm", "cm", "m"}).Draw(t, "unit"))
		low := float64(rapid.IntRange(1, 1000).Draw(t, "low"))
		q := Quantity{Low: low, High: low, Unit: u, Comparison: rapid.SampledFrom([]Comparison{AtLeast, Above, AtMost, Below, About, Range, Equal}).Draw(t, "comparison")}
		if q.Comparison == Range {
			q.High = low + float64(rapid.IntRange(1, 100).Draw(t, "width"))
		}
		return q
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		if got := Compare(a, a); got != Met {
			t.Fatalf("%+v against itself is %s", a, got)
		}
		ab := Compare(a, b)
		shared := a.interval().meets(b.interval())
		if meets := b.interval().meets(a.interval()); meets != shared || ab == Unmet && shared || (ab == Met || ab == Partly) && !shared {
			t.Fatalf("%+v and %+v: %s, and shared is %v", a, b, ab, shared)
		}
	})
}
