package ingest

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// maxMoney is 10^15 yuan; what is more is a mistake.
const maxMoney = 1e15

var (
	amountForm = regexp.MustCompile(`^(\d+(?:\.\d+)?|\.\d+)(亿|千万|百万|十万|万|千|百|)$`)
	// moneyNoise is what may stand around an amount and says nothing.
	moneyNoise = strings.NewReplacer("人民币", "", "rmb", "", "cny", "", "¥", "", "￥", "", "元", "", "圆", "", "整", "", "约", "",
		",", "", " ", "", "\u3000", "", "至", "-", "到", "-", "~", "-", "～", "-", "—", "-", "–", "-", "－", "-", "−", "-")
	moneyUnits = map[string]float64{"": 1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8}
	atLeast    = []string{"以上", "起", ">=", "≥", ">", "不低于", "不少于", "至少", "+"}
	atMost     = []string{"以下", "以内", "<=", "≤", "<", "不超过", "不高于", "至多", "内"}
)

// wordy are what stands in place of an amount and says something that a MoneyRange
// cannot: that it is to be negotiated or of no account, or nothing, since its maximum of
// 0 means no upper end.
var wordy = map[string]bool{
	"面议": true, "价格面议": true, "费用面议": true, "面谈": true, "电议": true, "协商": true, "协商确定": true, "双方协商": true, "可协商": true, "另议": true, "待定": true, "不限": true, "negotiable": true,
	"免费": true, "无偿": true, "free": true,
}

// isFree tells whether words in place of an amount say that nothing is asked.
func isFree(s string) bool {
	switch folded(s) {
	case "免费", "无偿", "免费许可", "无偿许可", "free":
		return true
	}
	return false
}

// isWordy tells whether a cell has words in place of an amount.
func isWordy(value any) bool {
	s, ok := value.(string)
	return ok && wordy[folded(s)]
}

// money reads an amount or a range of amounts in yuan: 500000, "50万", "10-20万元",
// "50万以上", "0.5亿". A bare number counts in unit. It gives nil where there is none.
func money(field string, value any, unit float64) (*match.MoneyRange, error) {
	s := ""
	switch v := value.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = folded(v)
	default:
		return nil, wrongType(field, value, "an amount")
	}
	if absent(s) {
		return nil, nil
	}
	low, high, ok := amounts(strings.TrimPrefix(withoutPeriod(s), "一次性"), unit)
	if !ok {
		return nil, match.Invalidf(field, "%q is not an amount such as 50万元 or 10-20万", shown(value))
	}
	return &match.MoneyRange{Min: low, Max: high}, nil
}

// withoutPeriod takes off what an amount is asked for, such as a year.
func withoutPeriod(s string) string {
	for _, period := range []string{"/年", "每年", "/年度", "/月", "/件", "/项"} {
		if bare, ok := strings.CutSuffix(s, period); ok {
			return bare
		}
	}
	return strings.TrimPrefix(s, "每年")
}

func amounts(s string, unit float64) (low, high int64, ok bool) {
	upward, s := without(s, atLeast)
	downward, s := without(s, atMost)
	s = moneyNoise.Replace(s)
	from, to, isRange := strings.Cut(s, "-")
	if !isRange {
		low, ok = amount(s, unit)
		switch {
		case upward:
			return low, 0, ok && !downward
		case downward:
			return 0, low, ok
		}
		return low, low, ok
	}
	if upward || downward {
		return 0, 0, false
	}
	high, okHigh := amount(to, unit)
	// In 10-20万 the unit stands behind the second number and is meant for both.
	if m := amountForm.FindStringSubmatch(to); m != nil && m[2] != "" {
		unit = moneyUnits[m[2]]
	}
	low, okLow := amount(from, unit)
	return low, high, okLow && okHigh
}

// amount reads one amount; without a unit of its own it counts in unit.
func amount(s string, unit float64) (int64, bool) {
	m := amountForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if m[2] != "" {
		unit = moneyUnits[m[2]]
	}
	if n = math.Round(n * unit); err != nil || n > maxMoney {
		return 0, false
	}
	return int64(n), true
}

// without takes the first of words that is in s out of it.
func without(s string, words []string) (bool, string) {
	for _, word := range words {
		if strings.HasPrefix(s, word) || strings.HasSuffix(s, word) {
			return true, strings.Trim(strings.TrimSuffix(strings.TrimPrefix(s, word), word), " ")
		}
	}
	return false, s
}

// yuan reads one end of a range.
func yuan(field string, value any, unit float64) (amount int64, known bool, err error) {
	if n, ok := value.(json.Number); ok {
		if whole, err := n.Int64(); err == nil && unit == 1 {
			return whole, true, nil
		}
	}
	m, err := money(field, value, unit)
	if m == nil || err != nil {
		return 0, false, err
	}
	if m.Min != m.Max {
		return 0, false, match.Invalidf(field, "%q is a range, not one amount", shown(value))
	}
	return m.Min, true, nil
}
