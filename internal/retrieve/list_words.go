package retrieve

import (
	"fmt"
	"math"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// conditionWords says conditions in words.
func conditionWords(conditions []match.Condition) (out match.LocalText) {
	var zh, en []string
	for _, c := range conditions {
		w, what := match.FieldWords(c.Field), strings.Join(c.AnyOf, ", ")
		switch {
		case c.Min != nil && c.Max != nil:
			what = fmt.Sprintf("%d–%d", *c.Min, *c.Max)
		case c.Min != nil:
			what = fmt.Sprintf("≥ %d", *c.Min)
		case c.Max != nil:
			what = fmt.Sprintf("≤ %d", *c.Max)
		}
		zh, en = append(zh, w.ZH+" "+what), append(en, w.EN+" "+what)
	}
	return match.LocalText{ZH: strings.Join(zh, "，"), EN: strings.Join(en, ", ")}
}

func unmetWhy(fields []string) match.LocalText {
	var zh, en []string
	for _, f := range fields {
		w := match.FieldWords(f)
		zh, en = append(zh, w.ZH), append(en, w.EN)
	}
	return match.LocalText{
		ZH: "放宽条件后找到，不符合：" + strings.Join(zh, "、"),
		EN: "found after conditions were dropped; does not meet: " + strings.Join(en, ", "),
	}
}

// unit is a vector brought to length 1; nil where it has none.
func unit(sum []float64) []float32 {
	square := 0.0
	for _, x := range sum {
		square += float64(x * x)
	}
	if square == 0 {
		return nil
	}
	length := math.Sqrt(square)
	out := make([]float32, len(sum))
	for i, x := range sum {
		out[i] = float32(x / length)
	}
	return out
}
