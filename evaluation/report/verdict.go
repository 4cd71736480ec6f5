package report

import "github.com/duijie/duijie/evaluation"

// outcome is what a comparison lets one say.
type outcome string

const (
	better    outcome = "better"
	worse     outcome = "worse"
	undecided outcome = "undecided"
	unknown   outcome = "unknown" // the difference has no value
)

const alpha = 1 - 0.95

// outcomeOf calls a difference decided when neither chance nor the number of
// comparisons explains it: the interval leaves out 0, and so does the corrected
// test where there is one.
func outcomeOf(c evaluation.Comparison) outcome {
	if !c.Difference.Known() {
		return unknown
	}
	tested := c.PHolm.Known()
	switch {
	case tested && c.PHolm.Float() >= alpha, !tested && c.Interval == nil:
		return undecided
	case c.Interval != nil && c.Interval.Low <= 0 && c.Interval.High >= 0:
		return undecided
	case c.Difference.Float() > 0 != c.Lower:
		return better
	}
	return worse
}

var outcomeWords = map[outcome]phrase{
	better: {"更好", "better"}, worse: {"更差", "worse"},
	undecided: {"未定", "undecided"}, unknown: {"无值", "no value"},
}

// verdict says in words what a comparison means.
func verdict(d duel) phrase {
	switch o := outcomeOf(d.Comparison); o {
	case unknown:
		return say(phrase{"%[1]s 与 %[2]s 在 %[3]s 上无法比较：%[4]s。", "%[1]s and %[2]s cannot be compared on %[3]s: %[4]s."},
			d.Candidate, d.Baseline, title(d.def), translated(d.Difference.Reason()))
	case undecided:
		if d.Record.Tie > 0 && d.Record.Win+d.Record.Loss == 0 {
			return say(phrase{"%[1]s 与 %[2]s 在 %[3]s 上对全部 %[4]s 个需求都相同。", "%[1]s and %[2]s have the same %[3]s on all %[4]s demands."},
				d.Candidate, d.Baseline, title(d.def), count(d.Record.Tie))
		}
		return join([]phrase{evidence(d, undecidedWords), needed(d)}, sentence)
	case better:
		return join([]phrase{evidence(d, betterWords), tally(d)}, sentence)
	default:
		return join([]phrase{evidence(d, worseWords), tally(d)}, sentence)
	}
}

var (
	betterWords    = phrase{"%[1]s 在 %[3]s 上优于 %[2]s：%[4]s。", "%[1]s is better than %[2]s on %[3]s: %[4]s."}
	worseWords     = phrase{"%[1]s 在 %[3]s 上不如 %[2]s：%[4]s。", "%[1]s is worse than %[2]s on %[3]s: %[4]s."}
	undecidedWords = phrase{"未定：%[1]s 与 %[2]s 在 %[3]s 上的差异（%[4]s）可能只是偶然。", "Undecided: the difference of %[1]s from %[2]s on %[3]s (%[4]s) may be chance."}
)

// evidence fills in the difference with its interval and its p-value.
func evidence(d duel, words phrase) phrase {
	parts := []phrase{same(signed(d.def.Unit, d.Difference.Float()))}
	if d.Interval != nil {
		parts = append(parts, say(phrase{"95%% 区间 %s", "95%% interval %s"}, interval(d.def.Unit, d.Interval, signed)))
	}
	if d.PHolm.Known() {
		parts = append(parts, say(phrase{"校正后 %s", "corrected %s"}, equation(d.PHolm)))
	}
	return say(words, d.Candidate, d.Baseline, title(d.def), join(parts, comma))
}

// tally is on how many queries the candidate was better, equal and worse.
func tally(d duel) phrase {
	n := d.Record.Win + d.Record.Tie + d.Record.Loss
	if n == 0 {
		return phrase{}
	}
	return say(phrase{"%[1]s 个需求中，%[2]s 个更好、%[3]s 个相同、%[4]s 个更差。", "Of %[1]s demands it is better on %[2]s, equal on %[3]s and worse on %[4]s."},
		count(n), count(d.Record.Win), count(d.Record.Tie), count(d.Record.Loss))
}

// needed says how large a difference would have to be.
func needed(d duel) phrase {
	if !d.Detectable.Known() {
		return phrase{}
	}
	return say(phrase{"凭这 %[1]s 个需求，真实差异至少要有 %[2]s 才能看出来（八成把握）。",
		"With these %[1]s demands the difference would have to be at least %[2]s to be seen (four times out of five)."},
		count(d.Queries), figure(d.def.Unit, d.Detectable.Float()))
}

// reasonOf is why a comparison or an estimate has no value; empty if it has one.
func reasonOf(v evaluation.Value) phrase {
	if v.Known() {
		return phrase{}
	}
	return translated(v.Reason())
}

// smallSlice is the number of clusters below which an interval says little.
const smallSlice = 10

// sliceOutcome is the outcome on a slice, which is not tested.
func sliceOutcome(c evaluation.Comparison) outcome {
	if o := outcomeOf(c); o == unknown || c.Clusters >= smallSlice {
		return o
	}
	return undecided
}
