package report

import (
	"fmt"
	"strings"
)

// unjudged says of which models most of the ranking is not judged; ok is false of none. It
// stands beside the figures, which mean little then.
func (s *subject) unjudged() (_ phrase, ok bool) {
	var zh, en []string
	for i, m := range s.r.Models {
		if share, k, mostly := s.r.Unjudged(i); mostly {
			zh = append(zh, fmt.Sprintf("%s 的前 %d 名（%.2f）", m.Name, k, share))
			en = append(en, fmt.Sprintf("the first %d ranks of %s (%.2f)", k, m.Name, share))
		}
	}
	if len(en) == 0 {
		return phrase{}, false
	}
	return say(phrase{"注意：%s大多未标注，未标注的按不相关计：排序指标偏低，且可能偏向标注所依据的模型。只排已标注的候选，或补充标注后再比较。",
		"Mind: most of %s are not judged, and what is not counts as irrelevant: the figures of the ranking are too low, and may favour the model that the judged pairs came from. Rank judged candidates alone, or judge more, before you compare."},
		phrase{strings.Join(zh, "、"), strings.Join(en, ", ")}), true
}
