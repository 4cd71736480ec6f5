package verdict

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
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
		{"what is less by more, in a word", "用电比现在少两成", "耗电降低26%", met},
		{"less by too little", "返修减三成以上", "返修减少18%", unmet},
		{"a bound of the least, no change", "回用率至少三成", "回用率35%", met},
		{"no degrees of heat", "抗震7度", "满足7度（Ⅱ类）设防", met},
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
		{"for half a kilogram and for a whole one", "每斤的电耗不超过3度", "每千克耗电4.6千瓦时", met},
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

func TestFiguresAreReadAsWorkshopsWriteThem(t *testing.T) {
	j := newJudge(t)
	for _, c := range []struct{ text, want string }{
		{"出水COD 300以下", "le 300 mg/L"},
		{"COD一万二到一万八", "range 12000..18000 mg/L"},
		{"氨氮控制在5以下", "le 5 mg/L"},
		{"氨氮别超过15毫克", "le 15 mg/L"},
		{"排水里铬太高，得降到0.5以下", "le 0.5 mg/L"},
		{"钢中铬太高，得降到0.5以下", ""},
		{"颗粒物不超过20", "le 20 mg/m³"},
		{"色度由90号降至40号", "eq 90 Hazen, eq 40 Hazen"},
		{"识别率97以上", "ge 97 %"},
		{"硬度要到58", "eq 58 HRC"},
		{"邵A硬度55~65", "range 55..65 HA"},
		{"粗糙度0.8往下", "le 0.8 μm"},
		{"圆角R2以上", "ge 2 mm"},
		{"风量3万", "eq 30000 m³/h"},
		{"湿摩擦4级，抗风到八级以上", "eq 4 级, ge 8 级"},
		{"二级公路，附件三级", ""},
		{"浓缩倍数≥5", "ge 5 倍"},
		{"pH调至7.5～8.5", "range 7.5..8.5 pH"},
		{"摩擦系数0.04～0.07", "range 0.04..0.07 1"},
		{"B/C只有0.2左右", "about 0.2 1"},
		{"12度也能固化", "eq 12 ℃"},
		{"坡角12度", "eq 12 度"},
		{"邵氏硬度70度", "eq 70 HA"},
		{"时速90公里", "eq 90 km/h"},
		{"主轴600转", "eq 600 r/min"},
		{"耐磨600转", "eq 600 r"},
		{"每克有三百万个活菌", "eq 3000000 CFU/g"},
		{"吨钢电耗≤90 kWh", "le 90 kWh/t"},
		{"一天跑2万米", "eq 1 d, eq 20000 m/d"},
		{"一公斤刷20平", "eq 1 kg, eq 20 平方/kg"},
		{"一分钟从2方降到1.5方", "eq 1 min, eq 2 m³/min, eq 1.5 m³/min"},
		{"一平方30克以下", "le 30 g/m²"},
		{"年处理能力900吨", "eq 900 t/年"},
		{"每根颗粒3个", "eq 3 个/根"},
		{"粉尘低于每方6毫克", "le 6 mg/m³"},
		{"墙体耐火EI 90。", "ge 90 min"},
		{"面漆铅笔硬度3H，底漆硬度B", "ge 3 3H, ge -1 B"},
		{"外壳IPX6", "ge 6 IPX6"},
		{"适用M12~M30", "range 12..30 M12"},
		{"用M64螺栓", "eq 64 M64"},
		{"1:80稀释", "eq 80 倍"},
		{"异味少一半", "eq 50 %"},
		{"scrap cut by a third", "eq 33.3 %"},
		{"百微秒级断开", "about 100 μs"},
		{"当天完工", "le 1 d"},
		{"每吨料八千以内", "le 8000 元/t"},
		{"一吨米3吨水以内", "eq 1 t, le 3 t/t"},
		{"胶条拉长两倍不断", "eq 2 1"},
		{"充放电循环600周", "eq 600 次"},
		{"臭氧与ΔCOD之比≤2", "le 2 1"},
		{"screed without joints over 900 m²", "ge 900 m²"},
		{"one coat without haze above 2%", "le 2 %"},
	} {
		var got []string
		for _, f := range oneField(t, j, c.text).figures {
			numbers := strconv.FormatFloat(f.Low, 'f', -1, 64)
			if f.Comparison == quantity.Range {
				numbers += ".." + strconv.FormatFloat(f.High, 'f', -1, 64)
			}
			got = append(got, string(f.Comparison)+" "+numbers+" "+f.Unit.Symbol)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestUnitsLeftOutAreThoseOfTheOtherText(t *testing.T) {
	for _, c := range []struct{ want, have, in string }{
		{"mg", "mg/L", "mg/L"},
		{"mg/m³", "mg", "mg"},
		{"μg", "mg/kg", "μg/kg"},
		{"g", "g/m²", "g/m²"},
		{"g", "g/L", ""},
		{"kg", "kg/m³", ""},
		{"mg", "mg/d", ""},
		{"ppm", "mg/L", "mg/L"},
		{"ppm", "mg/m³", ""},
		{"kWh/m³", "kWh/t", "kWh/t"},
		{"个/d", "件/h", "件/d"},
		{"个", "个/片", "个/片"},
		{"件", "件/h", ""},
		{"台", "人", ""},
		{"g/g", "倍", "倍"},
	} {
		want, _ := quantity.ParseUnit(c.want)
		have, _ := quantity.ParseUnit(c.have)
		unit, ok := loosened(want, have)
		if ok != (c.in != "") || ok && unit.Symbol != c.in {
			t.Errorf("%s beside %s is %q, %v, want %q", c.want, c.have, unit.Symbol, ok, c.in)
		}
	}
}

func TestWhatGoesIntoOneIsComparedWithWhatOneGoesInto(t *testing.T) {
	j := newJudge(t)
	for _, c := range []struct {
		want, have string
		is         outcome
	}{
		{"每升至少刷8 m²", "用量0.1 L/m²", met},
		{"每升至少刷8 m²", "用量200 mL/m²", unmet},
		{"用量不超过0.2 L/m²", "涂布率6 m²/L", met},
	} {
		want, have := oneField(t, j, c.want), oneField(t, j, c.have)
		w := (&wanted{figure: &want.figures[0]}).against(&have.figures[0])
		if w == nil {
			t.Errorf("%s and %s are not compared", c.want, c.have)
			continue
		}
		if got := serve(w.figure, &have.figures[0]); got != c.is {
			t.Errorf("%s against %s is %d, want %d", c.have, c.want, got, c.is)
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
