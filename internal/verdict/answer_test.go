package verdict

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// fields of a one-clause record.
func oneField(t testing.TB, j *Judge, s string) *Record {
	t.Helper()
	r, err := j.Read(t.Context(), []Field{{Name: "title", Text: ""}, {Name: "text", Text: s}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newJudge(t testing.TB) *Judge {
	t.Helper()
	l, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestFiguresServeOrFailWhatIsRequired(t *testing.T) {
	j := newJudge(t)
	for _, c := range []struct {
		name, want, have string
		is               outcome
	}{
		{"above a limit", "收率≥95%", "收率96.2%", met},
		{"at the limit", "收率≥95%", "收率95%", met},
		{"below it", "收率≥95%", "收率94.9%", unmet},
		{"after conversion", "厚度≤2mm", "厚度800μm", met},
		{"after conversion, too thick", "厚度≤2mm", "厚度0.3cm", unmet},
		{"a stated bound counts for what it promises", "隔离度≥20dB", "隔离度优于12dB", unmet},
		{"a bound that promises more", "隔离度≥20dB", "隔离度不低于23dB", met},
		{"the worst of a spread counts", "效率≥60%", "效率45%~63%", unmet},
		{"a grade of a spread", "牢度≥4级", "牢度3～4级", unmet},
		{"a setting can be kept within what is allowed", "热压温度不超过120℃", "热压温度115～125℃", overlaps},
		{"a setting beyond it", "热压温度不超过120℃", "热压温度138～145℃", unmet},
		{"a range that is reached over", "厚度8～30mm", "厚度8～40mm", met},
		{"a range reached in part", "频段3.3~5.0GHz", "频段3.3~3.8GHz", overlaps},
		{"a range not reached", "厚度8～30mm", "厚度0.32mm", unmet},
		{"a figure within the range", "NOx 300~380mg/m³", "NOx 350mg/m³", met},
		{"about the same", "含盐约20g/L", "含盐22g/L", met},
		{"another figure", "幅宽1.8m", "幅宽1.6m", unmet},
		{"a tolerance", "定位精度±5m", "定位精度±3m", met},
		{"a wider tolerance", "定位精度±5m", "定位精度±8m", unmet},
		{"a change against a level", "热阻≤40%", "热阻下降41%", overlaps},
		{"a comparison that stands apart", "寿命至少为现用瓷衬的2.5倍", "寿命3.6倍", met},
		{"what lasts longer is better", "保存一个月左右不坏", "保存45天", met},
		{"what lasts shorter is not", "保存一个月左右不坏", "保存14天", unmet},
		{"for each tonne", "吨水运行费用≤6元", "运行费用5.4元/t", met},
		{"an opposite bound says little", "温度≥100℃", "温度不超过150℃", overlaps},
		{"or enough", "温度≥100℃", "温度不超过80℃", unmet},
		{"more of what is better", "传输100米", "传输150m", met},
		{"less of it", "制热量12kW", "制热量10kW", unmet},
		{"less of what is better so", "平面度20μm", "平面度12μm", met},
		{"more of it", "平面度20μm", "平面度35μm", unmet},
		{"nearly what is to be reached", "准确率九成", "准确率81%", unmet},
		{"more than has to be coped with", "进水氯离子8g/L", "氯离子12g/L时", met},
		{"what is cut by more", "油漆用量降低20%", "油漆用量降低28%", met},
		{"a change that is meant", "降噪不少于4dB", "噪声降低5.2dB", met},
		{"a change to a level", "热阻≤0.45K/W", "热阻降至0.4K/W", met},
		{"a result within a window", "渗层0.6～0.9mm", "渗层0.72～0.80mm", met},
		{"a window that has to be covered", "量程0.6～0.9mm", "量程0.72～0.80mm", overlaps},
		{"the limit in the language of workshops", "单价别超过12块", "单价8.5元", met},
		{"above it", "单价别超过12块", "单价35元", unmet},
		{"a sum without its unit", "一套一万五以内", "单套1.2万元", met},
		{"a rate", "每小时处理15吨以上", "处理量20t/h", met},
		{"a rate in words", "每分钟60包", "速度40包/分", unmet},
		{"for each square metre", "每平米不超过5公斤", "荷载1.9kg/m²", met},
		{"degrees of heat", "水要到85度", "热水55～65℃", unmet},
		{"colder than required", "-20℃不结冰", "-40℃不结冰", met},
		{"a class", "整机IP67", "防护等级IP68", met},
		{"a lower class", "燃烧性能A级", "燃烧性能B1级", unmet},
		{"a number without a unit", "摩擦系数≤0.25", "摩擦系数0.14", met},
		{"better is lower", "接收灵敏度优于-135dBm", "接收灵敏度-141dBm", met},
	} {
		want, have := oneField(t, j, c.want), oneField(t, j, c.have)
		if len(want.figures) != 1 || len(have.figures) != 1 {
			t.Errorf("%s: %d and %d figures", c.name, len(want.figures), len(have.figures))
			continue
		}
		if got := serve(&want.figures[0], &have.figures[0]); got != c.is {
			t.Errorf("%s: %s against %s is %d, want %d", c.name, c.have, c.want, got, c.is)
		}
	}
}

func TestThePatentsFigureOfTheSamePropertyIsFound(t *testing.T) {
	j := newJudge(t)
	for _, c := range []struct {
		name, demand, patent string
		verdict              match.Verdict
		place, zh            string
	}{
		{"the right one of several", "要求锂综合收率≥95%。", "锂浸出率为98.6%，全流程锂综合回收率96.2%，铝含量28ppm。",
			match.Covered, "全流程锂综合回收率96.2%", "要求≥95%，专利为96.2%，满足。"},
		{"one that fails", "要求漏检率≤1%。", "装置的漏检率为2.3%，速度40m/min。", match.Contradicted, "装置的漏检率为2.3%", "要求≤1%，专利为2.3%，不满足。"},
		{"the level reached, not the one left", "翘曲不超过2mm。", "面板翘曲由6.8mm降至1.1mm。", match.Covered, "降至1.1mm", "要求≤2mm，专利为1.1mm，满足。"},
		{"none of it", "要求抗拉强度≥260MPa。", "本发明公开了一种番茄育种方法，发病率低于3%。", match.Missing, "", "要求≥260MPa，专利未给出该指标。"},
	} {
		d, err := j.Read(t.Context(), demandFields(&match.Demand{Text: c.demand}))
		if err != nil {
			t.Fatal(err)
		}
		p, err := j.Read(t.Context(), patentFields(&match.Patent{Title: "一种方法", Abstract: c.patent}))
		if err != nil {
			t.Fatal(err)
		}
		elements := ElementsOf(match.Texts{Body: c.demand})
		got := judge(t, j, d, p, elements).Findings
		if len(got) == 0 || got[0].Kind != match.QuantityElement {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		place := ""
		if got[0].In != "" {
			place = p.slice(p.fieldNamed(got[0].In), got[0].At)
		}
		if got[0].Verdict != c.verdict || place != c.place || got[0].Note.ZH != c.zh {
			t.Errorf("%s: %s %q %q", c.name, got[0].Verdict, place, got[0].Note.ZH)
		}
	}
}

func TestConditionsInOtherUnitsAreComparedAsTheyAre(t *testing.T) {
	j := newJudge(t)
	for _, c := range []struct {
		asked, held string
		want        int
	}{{"浸泡60～120分钟", "浸泡1.5小时", 0}, {"浸泡1～2小时", "浸泡1.5分钟", -1}, {"浸泡1～2小时", "浸泡300分钟", 1}} {
		a, b := oneField(t, j, c.asked), oneField(t, j, c.held)
		if len(a.figures) != 1 || len(b.figures) != 1 {
			t.Fatalf("%s has %d figures, %s %d", c.asked, len(a.figures), c.held, len(b.figures))
		}
		if got := harder(&a.figures[0], &b.figures[0]); got != c.want {
			t.Errorf("%s, %s: %d, want %d", c.asked, c.held, got, c.want)
		}
	}
}
