package verdict

import (
	"cmp"
	"strings"

	"github.com/duijie/duijie/internal/quantity"
)

// reread corrects a quantity by the words around it, and finds which way is better.
func (f *figure) reread(r *Record, before, after []rune) {
	f.compare(before, after)
	f.rename(before, after)
	f.rate(r, before, after)
	if close := before[max(0, len(before)-changing):]; f.Change == "" && !levels.within(close) {
		switch {
		case fewer.within(close):
			f.Change = quantity.Decrease
		case more.within(close):
			f.Change = quantity.Increase
		}
	}
	f.direction = f.way(before, after)
	f.imply()
	f.within = !spanning.within(before) && !spanning.within(after)
}

// changing is the number of code points before a figure in which a word of change is
// about it.
const changing = 10

// compare sets the comparison that stands apart from the number.
func (f *figure) compare(before, after []rune) {
	switch f.Comparison {
	case quantity.Equal, quantity.About:
		switch {
		case atLeast.within(before):
			f.Comparison = quantity.AtLeast
		case atMost.within(before), most.within(after):
			f.Comparison = quantity.AtMost
		}
	case quantity.Above:
		switch {
		case atMost.within(before), without.within(before): // 别超过, without haze above 1%
			f.Comparison = quantity.AtMost
		case surpasses.within(before) && families.direction(f.family) < 0: // 灵敏度优于-135dBm
			f.Comparison = quantity.Below
		}
	case quantity.AtMost:
		if reaches.within(before) && (f.Unit.Comparable(celsius) || environment.within(before)) { // up to 60 °C
			f.Comparison = quantity.AtLeast
		}
	}
}

// colloquial are units in the language of workshops.
var colloquial = map[string]string{"块": "元", "方": "m³", "方/h": "m³/h", "方/d": "m³/d", "方/min": "m³/min"}

func (f *figure) rename(before, after []rune) {
	name := colloquial[f.Unit.Symbol]
	switch {
	case f.Unit.Symbol == "度" && f.Low > 40: // degrees of heat
		name = "℃"
	case f.Unit.Symbol == "块" && !prices.within(before) && !prices.within(after): // 12块极板
		return
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
	if of == "" {
		of = per[perWords.first(after[:min(len(after), 18)])]
	}
	if last := len(r.figures) - 1; of == "" && last >= 0 && r.figures[last].part == f.part && r.figures[last].once() && f.Start-r.figures[last].End <= nearby {
		of = r.figures[last].Unit.Symbol // 一小时处理15吨
	}
	if of == "" || f.Unit.Kind == "元" && strings.Contains("d h min s 年 个月", of) {
		return
	}
	if u, ok := quantity.ParseUnit(f.Unit.Symbol + "/" + of); ok {
		f.Unit = u
	}
}

// amount tells whether a figure counts something, or is a mass, a volume, an area, an
// energy or money.
func (f *figure) amount() bool {
	switch f.Unit.Symbol {
	case "t", "kg", "g", "m³", "L", "m²", "亩", "kWh":
		return true
	}
	return f.Unit.Kind != "" && !strings.ContainsAny(f.Unit.Symbol, "°")
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
