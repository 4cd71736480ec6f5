package evaluation

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
)

// Scale is the range of levels; see [metric.Scale].
type Scale = metric.Scale

// Interval is a 95 % interval; see [statistic.Interval].
type Interval = statistic.Interval

// Value is a number, or the reason why there is none. The zero value is the
// number 0.
type Value struct {
	number float64
	reason string
}

// Number is the value x; a NaN or an infinity becomes a null that says so.
func Number(x float64) Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Value{reason: "not defined on this data"}
	}
	return Value{number: x}
}

// Null is the lack of a value for a reason, which must not be empty.
func Null(reason string) Value {
	if reason == "" {
		reason = "unknown"
	}
	return Value{reason: reason}
}

// Known tells whether there is a number.
func (v Value) Known() bool { return v.reason == "" }

// Float is the number, NaN where there is none.
func (v Value) Float() float64 {
	if v.Known() {
		return v.number
	}
	return math.NaN()
}

// Reason says why there is no number; it is empty where there is one.
func (v Value) Reason() string { return v.reason }

// String is the number with four decimals, or "n/a (reason)".
func (v Value) String() string {
	if v.Known() {
		return fmt.Sprintf("%.4f", v.number)
	}
	return "n/a (" + v.reason + ")"
}

// MarshalJSON writes the number or null; the reason is written beside it by those
// who hold the value.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(v.number)
}

// Estimate is a metric of one model.
type Estimate struct {
	Value          Value
	Interval       *Interval // 95 %, by bootstrap over clusters of queries; nil where there is none
	IntervalReason string    // why Interval is nil
	Queries        int       // queries in the metric's population
}
