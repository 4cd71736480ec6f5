package verdict

import (
	"cmp"
	"math"
	"strings"

	"github.com/duijie/duijie/internal/quantity"
)

// against is w with its figure in the terms of f, so that the two can be compared; nil where
// they cannot. Most need no change. In the rest people leave out what a patent writes, or
// write the same in another way: 溶氧5毫克 for 5 mg/L, ppm in water for mg/L, 个 for 件.
func (w *wanted) against(f *figure) *wanted {
	if w.figure.Unit.Comparable(f.Unit) {
		return w
	}
	asked, out := *w.figure, *w
	out.figure = &asked
	if inverse(w.figure.Unit, f.Unit) {
		asked.invert(f.Unit)
		return &out
	}
	unit, ok := loosened(w.figure.Unit, f.Unit)
	if !ok {
		return nil
	}
	asked.Unit = unit
	return &out
}

// inverse tells whether one unit says how much goes into what the other is for: m²/L, mL/m².
func inverse(a, b quantity.Unit) bool {
	if a.Kind != "" || b.Kind != "" || !strings.Contains(a.Symbol, "/") || !strings.Contains(b.Symbol, "/") || a.Comparable(one) {
		return false
	}
	for i := range a.Dimension {
		if a.Dimension[i] != -b.Dimension[i] {
			return false
		}
	}
	return true
}

// flipped are the comparisons of inverse numbers.
var flipped = map[quantity.Comparison]quantity.Comparison{
	quantity.AtLeast: quantity.AtMost, quantity.Above: quantity.Below, quantity.AtMost: quantity.AtLeast, quantity.Below: quantity.Above,
}

// invert puts a figure into an inverse unit; one of 0 stays at the edge of what numbers hold.
func (f *figure) invert(unit quantity.Unit) {
	low, high := f.Unit.Base(f.Low), f.Unit.Base(f.High)
	f.Low, f.High = 1/max(high, math.SmallestNonzeroFloat32)/size(unit), 1/max(low, math.SmallestNonzeroFloat32)/size(unit)
	f.Unit, f.direction = unit, -f.direction
	f.Comparison = cmp.Or(flipped[f.Comparison], f.Comparison)
}

// loosened is the unit that a number in want stands for beside one in have.
func loosened(want, have quantity.Unit) (quantity.Unit, bool) {
	top, bottom, _ := strings.Cut(want.Symbol, "/")
	over, under, _ := strings.Cut(have.Symbol, "/")
	symbol := ""
	switch {
	case (bottom == "") != (under == "") && divided(over, under) && divided(top, bottom):
		symbol = joined(top, under)
	case spent[top] && (bottom == "m³" && under == "t" || bottom == "t" && under == "m³"): // of water
		symbol = joined(top, under)
	case dissolved[want.Symbol] != "" && dissolved[want.Symbol] == dissolved[have.Symbol]:
		symbol = have.Symbol
	case things(top) && things(over) && (top == "个" || over == "个" || top == "件" || over == "件"):
		symbol = joined(over, bottom)
	case want.Symbol == "g/g" && have.Symbol == "倍", want.Symbol == "倍" && have.Symbol == "g/g":
		symbol = have.Symbol
	}
	unit, ok := quantity.ParseUnit(symbol)
	return unit, ok && unit.Comparable(have)
}

func joined(top, bottom string) string {
	if bottom == "" {
		return top
	}
	return top + "/" + bottom
}

// divided tells whether an amount may be that of what stands below the stroke, or of
// something left unsaid: a trace of a substance, the mass of a cloth, a count of flaws. A
// mass of kilograms is one of a body, and an output needs its time.
func divided(top, bottom string) bool {
	switch top {
	case "mg", "μg", "ng":
		return !strings.Contains(" d h min s 年 a ", " "+bottom+" ") || bottom == ""
	case "g":
		return bottom == "" || bottom == "m²"
	}
	return things(top) && (bottom == "" || things(bottom) || bottom == "m²" || bottom == "cm²")
}

// things tells whether a symbol counts things.
func things(symbol string) bool {
	return symbol != "" && len(symbol) == len("个") && strings.Contains("个件只条根支块片张套枚粒颗孔扇盘", symbol)
}

// spent is what goes by the tonne of water in one text and by the cubic metre in another.
var spent = map[string]bool{"kWh": true, "元": true}

// dissolved are units of what is in water, of which a litre has a kilogram.
var dissolved = map[string]string{"ppm": "ppm", "mg/L": "ppm", "mg/kg": "ppm", "ppb": "ppb", "μg/L": "ppb", "μg/kg": "ppb"}
