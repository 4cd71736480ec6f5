package explain

import (
	"fmt"
	"math"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// leastTold is the least contribution that is a reason: less would be shown as 0.
const leastTold = 0.005

// learned is the reason of a feature of a tuned model, whose contribution is told from the
// average pair that the model has learned from. Features that are made of labels say whose.
func learned(l match.Leg) reason {
	words, value := l.Name.Words(), valueOf(l)
	up := l.Contribution > 0
	lead := leads[labelsBehind(l.Name)][up]
	return reason{match.LocalText{
		ZH: fmt.Sprintf("%s：%s %s（贡献%+.2f）。", lead.ZH, words.ZH, value.ZH, l.Contribution),
		EN: fmt.Sprintf("%s: %s %s (contributes %+.2f).", lead.EN, words.EN, value.EN, l.Contribution),
	}, math.Abs(l.Contribution)}
}

// labelled is whose labels a feature of a tuned model is made of.
type labelled int

const (
	ofNobody labelled = iota
	ofOthers
	ofDemand
)

func labelsBehind(n match.LegName) labelled {
	name := string(n)
	switch {
	case strings.HasPrefix(name, "kernel-"):
		return ofOthers
	case strings.HasPrefix(name, "own-"), strings.HasPrefix(name, "near-"), strings.HasPrefix(name, "nearest-"),
		name == "same-title-level", name == "zero-shot-rank", name == "level-at-rank":
		return ofDemand
	}
	return ofNobody
}

// leads begin a reason, by whether it lifts the pair.
var leads = map[labelled]map[bool]match.LocalText{
	ofNobody: {
		true:  {ZH: "两者的文本抬高得分", EN: "The two texts lift the pair"},
		false: {ZH: "两者的文本拉低得分", EN: "The two texts pull the pair down"},
	},
	ofOthers: {
		true:  {ZH: "相近配对的标注支持此配对", EN: "Labels of similar pairs speak for this one"},
		false: {ZH: "相近配对的标注不支持此配对", EN: "Labels of similar pairs speak against this one"},
	},
	ofDemand: {
		true:  {ZH: "该需求的标注支持此类专利", EN: "Labels of this demand speak for such patents"},
		false: {ZH: "该需求的标注不支持此类专利", EN: "Labels of this demand speak against such patents"},
	},
}
