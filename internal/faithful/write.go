package faithful

import (
	"fmt"
	"strings"
)

// String writes a report for people, the same each time.
func (r *Report) String() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-44s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("demands, hits, hits with evidence", "%d, %d, %d", r.Demands, r.Hits, r.Cited)
	line("share of the text cited, mean and largest", "%.3f, %.3f", r.Share, r.MostShare)
	line("lower without the evidence", "%.3f", r.Lower)
	line("lower than without as much other text", "%.3f", r.LowerThanOthers)
	line("mean fall of the logit, and of others", "%.3f, %.3f", r.Fall, r.OtherFall)
	line("area over the deletion curve, and of others", "%.3f, %.3f", r.Area, r.OtherArea)
	for i, step := range Steps {
		line(fmt.Sprintf("  %.0f %% deleted", 100*step), "%.3f, %.3f", r.Curve[i], r.OtherCurve[i])
	}
	line("cited again after reordering", "%.3f", r.Reordered)
	line("cited again in other words", "%.3f", r.Paraphrased)
	return b.String()
}
