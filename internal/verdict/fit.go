package verdict

import (
	"cmp"
	"math"

	"github.com/duijie/duijie/internal/quantity"
)

// The features of how an offered figure compares with a required one that it is about.
const (
	fitBound   = iota // what is required: 1 at least, −1 at most
	fitEqual          // or a figure without bounds
	fitRange          // or a range
	fitWithin         // or a tolerance
	fitAbout          // or about a figure
	fitAsked          // a change is required
	fitChanges        // and stated
	fitWay            // whether more (1) or less (−1) of what is required is better
	fitOffered        // and of what is offered
	fitRatio          // powers of ten from what is required to what is offered, −1 to 1
	fitBetter         // the same, above 0 where that is better
	fitOff            // and without its sign
	fitMet            // outcome without conditions
	fitOverlaps
	fitUnmet
	fitHarder // conditions of the patent that are harder
	fitMilder
	fitUnsaid // conditions of the demand that the patent leaves unsaid
	fitSetting
	fitSpread
	fitTime // what is required is a time, and so on
	fitShare
	fitHeat
	fitTimes
	fitSame // the same number
	fitFeatures
)

func (o *offer) fits() []float64 {
	x, q, f := make([]float64, fitFeatures), o.asked.figure, o.figure
	switch {
	case promising(q):
		x[fitBound] = 1
	case limiting(q):
		x[fitBound] = -1
	}
	x[fitEqual], x[fitRange] = is(q.Comparison == quantity.Equal), is(q.Comparison == quantity.Range)
	x[fitWithin], x[fitAbout] = is(q.Comparison == quantity.Within), is(q.Comparison == quantity.About)
	x[fitAsked], x[fitChanges] = is(q.Change != ""), is(f.Change != "")
	x[fitWay], x[fitOffered] = float64(q.direction), float64(f.direction)
	if a, b := q.Unit.Base(q.Low), f.Unit.Base(f.Low); a > 0 && b > 0 {
		x[fitRatio] = max(-1, min(1, math.Log10(b/a)))
	}
	x[fitBetter] = x[fitRatio] * float64(cmp.Or(int(x[fitBound]), q.direction, f.direction))
	x[fitOff] = math.Abs(x[fitRatio])
	if says := serve(q, f); says != silent {
		x[fitMet+int(says-met)] = 1
	}
	for _, c := range o.under.pairs {
		switch h := harder(c[0], c[1]); {
		case h > 0:
			x[fitHarder]++
		case h < 0:
			x[fitMilder]++
		}
	}
	x[fitUnsaid] = float64(o.under.unsaid)
	x[fitSetting], x[fitSpread] = is(f.setting), is(f.Low != f.High)
	x[fitTime], x[fitShare], x[fitHeat], x[fitTimes] = is(q.isTime()), is(q.Unit.Symbol == "%"), is(q.Unit.Comparable(celsius)), is(q.Unit.Kind == "次")
	x[fitSame] = is(q.Low == f.Low)
	return x
}
