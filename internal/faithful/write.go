package faithful

import (
	"fmt"

	"github.com/duijie/duijie/internal/match"
)

// Row is a line of a report for people.
type Row struct {
	Name  match.LocalText
	Value string
}

// Rows writes a report for people, the same each time.
func (r *Report) Rows() []Row {
	var out []Row
	row := func(zh, en, format string, args ...any) {
		out = append(out, Row{match.LocalText{ZH: zh, EN: en}, fmt.Sprintf(format, args...)})
	}
	row("需求数、结果数、有依据的结果数", "demands, hits, hits with evidence", "%d, %d, %d", r.Demands, r.Hits, r.Cited)
	row("引用部分占全文比例：平均、最大", "share of the text cited, mean and largest", "%.3f, %.3f", r.Share, r.MostShare)
	row("删去依据后得分降低的比例", "lower without the evidence", "%.3f", r.Lower)
	row("比删去同样多的其他文字降得更多的比例", "lower than without as much other text", "%.3f", r.LowerThanOthers)
	row("logit 平均降幅：依据、其他文字", "mean fall of the logit, and of others", "%.3f, %.3f", r.Fall, r.OtherFall)
	row("删除曲线上方面积：依据、其他文字", "area over the deletion curve, and of others", "%.3f, %.3f", r.Area, r.OtherArea)
	for i, step := range Steps {
		row(fmt.Sprintf("  删去 %.0f%%", 100*step), fmt.Sprintf("  %.0f %% deleted", 100*step), "%.3f, %.3f", r.Curve[i], r.OtherCurve[i])
	}
	row("打乱句序后仍引用的比例", "cited again after reordering", "%.3f", r.Reordered)
	row("换用同义词后仍引用的比例", "cited again in other words", "%.3f", r.Paraphrased)
	return out
}
