package review

import (
	"slices"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
)

// Finding is a verdict of the model on one element.
type Finding struct {
	// Verdict is empty where the model gave none that stands up.
	Verdict match.Verdict
	// Cites are numbers of pieces from 0, in order; at least one unless Verdict is missing.
	Cites []int
}

// maxCites is how many pieces of a verdict are kept.
const maxCites = 3

var errNonsense = &match.Error{Kind: match.Unavailable, Reason: "the model did not answer with verdicts"}

// Read takes an answer apart: a finding for each element of the pair.
func (p *Pair) Read(answer string) ([]Finding, error) {
	var reply struct {
		Verdicts []struct {
			N       float64
			Verdict string
			Cites   []string
		}
	}
	if !chat.Read(answer, &reply) || len(reply.Verdicts) == 0 {
		return nil, errNonsense
	}
	out, seen := make([]Finding, len(p.Elements)), make([]bool, len(p.Elements))
	for _, v := range reply.Verdicts {
		n := int(v.N) - 1
		if !(v.N >= 1 && v.N <= float64(min(len(out), maxElements))) || float64(n+1) != v.N {
			continue
		}
		if seen[n] { // two verdicts are none
			out[n] = Finding{}
			continue
		}
		seen[n] = true
		out[n] = p.sound(match.Verdict(strings.ToLower(strings.TrimSpace(v.Verdict))), v.Cites)
	}
	return out, nil
}

// sound is the finding of a verdict and what it cites, if it stands up.
func (p *Pair) sound(v match.Verdict, cites []string) Finding {
	if !slices.Contains(match.Verdicts, v) || v == match.Missing && p.Cut {
		return Finding{}
	}
	if v == match.Missing {
		return Finding{Verdict: v}
	}
	f := Finding{Verdict: v}
	for _, id := range cites {
		number, of := strings.CutPrefix(id, "P")
		n, err := strconv.Atoi(number)
		if !of || err != nil || n < 1 || n > len(p.Patent) || slices.Contains(f.Cites, n-1) || len(f.Cites) == maxCites {
			continue
		}
		f.Cites = append(f.Cites, n-1)
	}
	if len(f.Cites) == 0 {
		return Finding{}
	}
	slices.Sort(f.Cites)
	return f
}
