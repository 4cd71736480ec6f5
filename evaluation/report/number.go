package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// figure is x with as many decimals as its unit deserves. A number that is not
// finite is a dash.
func figure(unit string, x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case unit == "ms" && math.Abs(x) < 100:
		return minus(strconv.FormatFloat(round(x, 3), 'f', -1, 64))
	case unit == "ms":
		return minus(fmt.Sprintf("%.0f", x))
	}
	return minus(fmt.Sprintf("%.4f", x))
}

// round keeps the given number of significant digits.
func round(x float64, digits int) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// signed is a difference, with its sign.
func signed(unit string, x float64) string {
	if text := figure(unit, x); x < 0 || !(x > 0) || text == "–" {
		return text
	}
	return "+" + figure(unit, x)
}

func minus(text string) string { return strings.Replace(text, "-", "−", 1) }

func interval(unit string, i *evaluation.Interval, format func(string, float64) string) string {
	if i == nil {
		return ""
	}
	return "[" + format(unit, i.Low) + ", " + format(unit, i.High) + "]"
}

// chance is a p-value, or its lack.
func chance(p evaluation.Value) string {
	switch {
	case !p.Known():
		return "–"
	case p.Float() < 0.001:
		return "<0.001"
	}
	return fmt.Sprintf("%.3f", p.Float())
}

// equation is "p = 0.012" or "p < 0.001", for sentences.
func equation(p evaluation.Value) string {
	if text := chance(p); !strings.HasPrefix(text, "<") {
		return "p = " + text
	}
	return "p < 0.001"
}

// percent is a share of a whole, "–" of nothing.
func percent(part, whole float64) string {
	if whole == 0 || math.IsNaN(part) {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*part/whole)
}

// count is n with a thin gap between thousands.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
