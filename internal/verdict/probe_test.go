package verdict

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// TestVerdictsOfPlainPairs has pairs on which nobody would differ, as they are found and judged
// from the two texts alone. An empty verdict says that nothing of the demand's is taken for an
// element.
func TestVerdictsOfPlainPairs(t *testing.T) {
	l := open(t)
	j, err := New(l.judge.Embedder)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		title, text, patent, abstract string
		element                       string // of the demand, from its beginning
		want                          match.Verdict
	}{
		// What is ruled out by its name.
		{"密封胶", "玻璃密封胶，不得含有甲苯。", "一种密封胶", "该密封胶含有20%甲苯作为溶剂。", "不得含有甲苯", match.Contradicted},
		{"Sealant", "A sealant for glass. It must not contain toluene.", "A sealant", "The sealant contains 20 % toluene as solvent.", "It must not contain toluene", match.Contradicted},
		{"Tape", "Adhesive tape for displays. Not based on silicone.", "Silicone UV tape", "A silicone sealant is coated on a film.", "Not based on silicone", match.Contradicted},
		{"Coating", "A hard coating. No curing required.", "A coating", "The coating is cured at 120 °C for 60 min.", "No curing required", match.Contradicted},
		{"Coating", "We need a coating for pistons without electroplating and without hexavalent chromium.", "Chrome plating", "The invention discloses electroplating of hard chromium.", "without electroplating", match.Contradicted},
		{"表面处理", "铝材防护，不含六价铬。", "一种镀锌镍合金的方法", "镀液不含氰化物。", "不含六价铬", match.Missing},
		{"导热材料", "导热材料，不要双组分体系。", "一种导热凝胶", "用于动力电池模组散热。", "不要双组分体系", match.Missing},
		{"种植", "蔬菜种植技术，不使用农药。", "一种蔬菜种植方法", "喷洒农药三次。", "不使用农药", match.Contradicted},
		{"胶带", "柔性屏胶带，禁用溶剂。", "一种胶带", "涂布的胶带无溶剂。", "禁用溶剂", match.Covered},
		{"铝材", "铝材表面防护，不要喷漆。", "一种铝材阳极氧化工艺", "替代了传统电镀和喷漆。", "不要喷漆", match.Covered},
		// Figures.
		{"电池包", "三年内不衰减超过10%", "一种电池包", "三年衰减25%。", "三年内不衰减超过10%", match.Contradicted},
		{"电池包", "三年内衰减不超过10%", "一种电池包", "五年衰减8%。", "三年内衰减不超过10%", match.Covered},
		{"Plastic", "UL94 V-0 at 1.6 mm required.", "Plastic", "The compound is UL94 V-2 at 1.6 mm.", "UL94 V-0", match.Contradicted},
		{"塑料", "阻燃等级UL94 V-0", "一种塑料", "阻燃等级达到UL94 V-0。", "阻燃等级UL94 V-0", match.Covered},
		{"防护", "防护等级IP67", "一种外壳", "防护等级IP65。", "防护等级IP67", match.Contradicted},
		{"导热材料", "工作温度-40℃~125℃。", "一种导热凝胶", "80℃加热固化60min。", "工作温度-40℃~125℃", match.Partly},
		{"Battery", "operating from -30 to 60 °C", "Battery pack", "The battery operates between -20 °C and 55 °C.", "operating from", match.Partly},
		{"电池", "放电容量保持率不低于70%", "一种电池", "现有电池放电容量保持率75%，本发明克服了该缺陷。", "放电容量保持率", match.Missing},
		// How things are is no wish.
		{"巡检", "现有人工巡检每公里耗时3小时，漏检率约20%。希望用无人机巡检。", "一种巡检无人机", "续航8h，漏检率0.6%。", "公里耗时3小时", ""},
		{"巡检", "现有人工巡检每公里耗时3小时，漏检率约20%。希望用无人机巡检。", "一种巡检无人机", "续航8h，漏检率0.6%。", "漏检率约20%", ""},
		{"养猪", "我场存栏5000头，日产养殖废水200吨。要求出水氨氮≤5mg/L。", "一种养殖废水处理方法", "出水氨氮3mg/L。", "我场存栏5000头", ""},
		{"养猪", "我场存栏5000头，日产养殖废水200吨。要求出水氨氮≤5mg/L。", "一种养殖废水处理方法", "出水氨氮3mg/L。", "出水氨氮≤5mg/L", match.Covered},
	} {
		d := l.read(t, demandFields(&match.Demand{Title: c.title, Text: c.text}))
		p := l.read(t, patentFields(&match.Patent{Title: c.patent, Abstract: c.abstract}))
		var got match.Verdict
		var all []string
		for _, f := range judge(t, j, d, p, d.elements()).Findings {
			text := d.slice(d.fieldNamed(f.Field), f.Range)
			all = append(all, text+": "+string(f.Verdict))
			if len(text) >= len(c.element) && text[:len(c.element)] == c.element {
				got = f.Verdict
			}
		}
		if got != c.want {
			t.Errorf("%q of %q against %q: %q, want %q (%q)", c.element, c.text, c.abstract, got, c.want, all)
		}
	}
}
