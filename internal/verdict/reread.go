package verdict

import (
	"cmp"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/quantity"
)

// reread corrects a quantity by the words around it, and finds which way is better.
func (f *figure) reread(r *Record, before, after []rune) {
	f.compare(before, after)
	f.rename(r, before, after)
	f.rate(r, before, after)
	if close := before[max(0, len(before)-changing):]; f.Change == "" && !levels.within(close) {
		switch {
		case fewer.within(close), f.relative() && lessBy.MatchString(string(close)):
			f.Change = quantity.Decrease
		case more.within(close):
			f.Change = quantity.Increase
		}
	}
	f.direction = f.way(before, after)
	f.imply()
	f.within = !spanning.within(before) && !spanning.within(after)
}

// lessBy is a verb of one character right before the number by which something gets less:
// 少三成, 降了5分贝; 至少 is a bound, and 衰减 a property.
var lessBy = regexp.MustCompile(`(?:^|[^至最不衰])[少省降减掉跌](?:了|掉|约|大约|近)*$`)

// relative tells whether a figure is a share or a level of sound, as changes are stated in.
func (f *figure) relative() bool {
	return f.Unit.Comparable(one) && f.Unit.Symbol != "1" || f.Unit.Kind == "dB"
}

// changing is the number of code points before a figure in which a word of change is
// about it.
const changing = 10

// compare sets the comparison that stands apart from the number.
func (f *figure) compare(before, after []rune) {
	switch f.Comparison {
	case quantity.Equal, quantity.About:
		switch behind := behindNoun.FindString(string(after[:min(len(after), 6)])); {
		case strings.HasSuffix(behind, "上"):
			f.Comparison = quantity.AtLeast
		case behind != "":
			f.Comparison = quantity.AtMost
		case atLeast.within(before):
			f.Comparison = quantity.AtLeast
		case atMost.within(before), most.within(after), f.Comparison == quantity.Equal && only.within(before):
			f.Comparison = quantity.AtMost
		}
	case quantity.Above:
		switch {
		case without.within(before) && f.extent(): // without regreasing over 500 h
			f.Comparison = quantity.AtLeast
		case atMost.within(before), without.within(before): // 别超过, without haze above 1%
			f.Comparison = quantity.AtMost
		case surpasses.within(before) && families.direction(f.family) < 0: // 灵敏度优于-135dBm
			f.Comparison = quantity.Below
		}
	case quantity.AtMost:
		if reaches.within(before) { // up to 60 °C
			f.Comparison = quantity.AtLeast
		}
	}
}

// behindNoun is a comparison behind the noun that is measured: 2吨水以内.
var behindNoun = regexp.MustCompile(`^\p{Han}{1,2}(?:以上|往上|以下|以内|之内|往下)`)

// behind is what follows a figure in its field, also past the next one: 7度（0.15g）设防.
func (r *Record) behind(f *figure) []rune {
	folded := r.fields[f.field].folded
	return folded[f.End:min(len(folded), f.End+afterwards)]
}

// afterwards is the number of code points behind a figure that may tell what its unit is.
const afterwards = 12

// extent tells whether a figure is how far, how long or how often something goes on.
func (f *figure) extent() bool {
	return f.isTime() || f.Unit.Kind == "次" || f.Unit.Comparable(area) || f.Unit.Comparable(length)
}

var (
	length, _   = quantity.ParseUnit("m")
	area, _     = quantity.ParseUnit("m²")
	litre, _    = quantity.ParseUnit("L")
	kilogram, _ = quantity.ParseUnit("kg")
)

// colloquial are units in the language of workshops.
var colloquial = map[string]string{"块": "元", "方": "m³", "方/h": "m³/h", "方/d": "m³/d", "方/min": "m³/min"}

// rename gives the unit that is meant where the words around tell, or people say another.
func (f *figure) rename(r *Record, before, after []rune) {
	name := colloquial[f.Unit.Symbol]
	switch {
	case f.Unit.Symbol == "度" && shore.within(before):
		name = "HA"
	case f.Unit.Symbol == "度" && !tilts.within(before) && !tilts.within(r.behind(f)): // degrees of heat
		name = "℃"
	case f.Unit.Symbol == "块" && f.Low < 100 && !prices.within(before) && !prices.within(after): // 12块极板
		return
	case f.Unit.Symbol == "r" && !wearing.within(before):
		name = "r/min"
	case f.Unit.Kind == "个" && (living.within(after[:min(len(after), 8)]) || living.within(before)):
		name = strings.Replace(f.Unit.Symbol, "个", "CFU", 1)
	case f.Unit.Symbol == "倍" && stretching.within(before): // 拉长两倍 is an elongation of 200 %
		name = "1"
	case f.Unit.Symbol == "周" && rounds.within(before): // 循环800周
		name = "次"
	case f.Unit.Symbol == "km" && speeds.within(before), f.Unit.Symbol == "km" && speeds.within(after[:min(len(after), 3)]):
		name = "km/h"
	}
	if u, ok := quantity.ParseUnit(name); ok {
		f.Unit = u
	}
}

// rate makes an amount for each of something, or in a time, a rate.
func (f *figure) rate(r *Record, before, after []rune) {
	if strings.Contains(f.Unit.Symbol, "/") || !f.amount() {
		return
	}
	of := per[perWords.first(before)]
	if of == "" && tonnes.MatchString(string(before)) {
		of = "t"
	}
	if of == "" {
		of = per[perWords.first(after[:min(len(after), 18)])]
	}
	if of == "" {
		of = f.shared(r)
	}
	if of == "" && f.counts() {
		of = strings.TrimPrefix(eachThing.FindString(string(before)), "每")
	}
	if of == "" || f.Unit.Kind == "元" && strings.Contains("d h min s 年 个月", of) {
		return
	}
	if u, ok := quantity.ParseUnit(f.Unit.Symbol + "/" + of); ok {
		f.Unit = u
	}
}

// tonnes are those that something is spent on: 吨钢电耗, 吨灰综合能耗.
var tonnes = regexp.MustCompile(`(?:^|[^0-9万千百十 ])吨\p{Han}{1,6}(?:耗|费|用|成本)`)

// eachThing are things that others are counted on: 每根, 每片.
var eachThing = regexp.MustCompile(`每[根片只台套件条块张支枚株瓶包]`)

// counts tells whether a figure counts things, and neither people nor money.
func (f *figure) counts() bool {
	return f.Unit.Symbol == f.Unit.Kind && utf8.RuneCountInString(f.Unit.Kind) == 1 && f.Unit.Kind[0] >= utf8.RuneSelf && f.Unit.Kind != "元" && f.Unit.Kind != "人" && f.Unit.Kind != "级" && f.Unit.Kind != "倍"
}

// shared is what the figure before in the same part is for one of: 一小时处理15吨,
// 一公斤刷60平; and what that was divided by, where this one is what it comes to: 一分钟
// 从1.1方降到0.8方.
func (f *figure) shared(r *Record) string {
	last := len(r.figures) - 1
	if last < 0 || r.figures[last].part != f.part {
		return ""
	}
	before := &r.figures[last]
	switch top, of, rated := strings.Cut(before.Unit.Symbol, "/"); {
	case before.once() && f.Start-before.End <= nearby, before.each(r):
		return before.Unit.Symbol
	case rated && before.left:
		if u, ok := quantity.ParseUnit(top); ok && u.Comparable(f.Unit) || colloquial[f.Unit.Symbol] == top {
			return of
		}
	}
	return ""
}

// each tells whether a figure is one unit of what something is spent on, as people say it:
// 一公斤, 一平方; 1 kg may be a part of a recipe.
func (f *figure) each(r *Record) bool {
	if f.Low != 1 || f.High != 1 || f.Comparison != quantity.Equal || r.fields[f.field].folded[f.Start] != '一' {
		return false
	}
	return f.Unit.Comparable(kilogram) || f.Unit.Comparable(area) || f.Unit.Comparable(litre)
}

// amount tells whether a figure counts something, or is a mass, a volume, an area, a
// length gone, an energy or money.
func (f *figure) amount() bool {
	switch f.Unit.Symbol {
	case "t", "kg", "g", "mg", "μg", "斤", "m³", "方", "L", "m²", "平方", "亩", "m", "km", "kWh":
		return true
	}
	return f.Unit.Kind != "" && f.Unit.Kind != "人" && !strings.ContainsAny(f.Unit.Symbol, "°")
}

var second, _ = quantity.ParseUnit("s")

func (f *figure) isTime() bool { return f.Unit.Comparable(second) }

// The properties that units tell of.
var (
	cost     = families.of([]rune("成本"))
	duration = families.of([]rune("耗时"))
	lifetime = families.of([]rune("寿命"))
)

// imply adds the property that the unit tells of: money is a cost, and a time of which less
// is better is one taken and else a life, where no other property is named.
func (f *figure) imply() {
	add := func(o [2]uint64) { f.family[0], f.family[1] = f.family[0]|o[0], f.family[1]|o[1] }
	switch {
	case f.Unit.Kind == "元":
		add(cost)
	case f.isTime() && f.family == [2]uint64{} && f.direction < 0:
		add(duration)
	case f.isTime() && f.family == [2]uint64{}:
		add(lifetime)
	}
}

// once tells whether a figure is one unit of time: 一天40亩.
func (f *figure) once() bool {
	return f.isTime() && f.Low == 1 && f.High == 1 && f.Comparison == quantity.Equal
}

// way tells whether more or less is better.
func (f *figure) way(before, after []rune) int {
	switch {
	case f.Unit.Kind == "元":
		return -1
	case f.Change != "", environment.within(before), environment.within(after), upward.within(before), upward.within(after):
		return 1
	case downward.within(before), downward.within(after):
		return -1
	}
	if f.isTime() {
		switch {
		case taking.within(before), taking.within(after):
			return -1
		case lasting.within(before), lasting.within(after):
			return 1
		case f.Unit.Base(f.Low) >= 86400:
			return 1
		}
		return -1
	}
	if d := families.direction(f.family); d != 0 {
		return d
	}
	switch {
	case f.Unit.Comparable(celsius) && f.Low == f.High && !f.setting: // the farther from room temperature
		return cmp.Compare(f.Unit.Base(f.Low), roomTemperature)
	case f.Unit.Kind == "次", f.Unit.Kind == "帧", strings.HasSuffix(f.Unit.Symbol, "/h"), strings.HasSuffix(f.Unit.Symbol, "/d"), strings.HasSuffix(f.Unit.Symbol, "/L"):
		return 1
	}
	return 0
}
