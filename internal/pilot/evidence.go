package pilot

import "math"

// Evidence is for or against a challenger: so many of its wins and losses, where each win
// is as likely as Null if the two models are equally good.
//
// For A/B a trial is a party that succeeded (it contacted a holder, or went further), and
// a win one whose model was the challenger: Null is the share of parties that have it.
// Interleaved, a trial is a ranking, which is all answers to a party that asked the same,
// in which one side earned more than the other, and Null is 1/2 because one coin for all
// of them decides who picks first.
//
// With a Beta(a, b) mixture over the chance p of a win,
//
//	E(q) = ∫ pʷ(1−p)ˡ dBeta(p; a, b) / (qʷ(1−q)ˡ) = B(a+w, b+l) / (B(a, b) · qʷ(1−q)ˡ)
//
// is a martingale with mean 1 over the trials if q is the true chance. By Ville's
// inequality it ever exceeds 1/α with probability α at most. So one may look after every
// trial and stop at will: 1/E(Null) is a p-value at any time, and the q with E(q) < 1/α
// are a confidence sequence, which holds the true chance at all times together with
// probability 1−α (H. Robbins, Statistical methods related to the law of the iterated
// logarithm, Ann. Math. Statist. 41, 1970; for the form, Howard, Ramdas, McAuliffe and
// Sekhon, Time-uniform, nonparametric, nonasymptotic confidence sequences, Ann. Statist.
// 49, 2021). It is exact for every number of trials.
type Evidence struct {
	Wins, Losses int
	Null         float64 // above 0 and below 1
}

// mixture is a + b: how many trials the mixture is worth. With few, it finds large
// differences soon; with many, small ones.
const mixture = 4

// alpha is the chance of ever deciding wrongly between two models that are equally good.
const alpha = 0.05

// log is ln E(q).
func (e Evidence) log(q float64) float64 {
	w, l := float64(e.Wins), float64(e.Losses)
	a, b := mixture*e.Null, mixture*(1-e.Null)
	out := logBeta(a+w, b+l) - logBeta(a, b)
	if w > 0 {
		out -= w * math.Log(q)
	}
	if l > 0 {
		out -= l * math.Log1p(-q)
	}
	return out
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// P is the always-valid p-value of "equally good".
func (e Evidence) P() float64 { return min(1, math.Exp(-e.log(e.Null))) }

// Interval is the 95 % confidence sequence of the chance of a win, as it is now.
func (e Evidence) Interval() (low, high float64) {
	n := e.Wins + e.Losses
	if n == 0 {
		return 0, 1
	}
	best := float64(e.Wins) / float64(n)
	bound := math.Log(1 / alpha)
	// E is least at best, where it is below 1, and grows to both sides.
	find := func(in, out float64) float64 {
		if e.log(out) < bound { // at 0 without wins, and at 1 without losses
			return out
		}
		for range 60 {
			middle := (in + out) / 2
			if e.log(middle) < bound {
				in = middle
			} else {
				out = middle
			}
		}
		return in
	}
	return find(best, 0), find(best, 1)
}

// Verdict is what to do with a pilot.
type Verdict string

const (
	// Ship: the challenger is better.
	Ship Verdict = "ship"
	// Stop: it is worse, or at best better by too little.
	Stop Verdict = "stop"
	// GoOn: that is not known yet.
	GoOn Verdict = "go on"
)

// LeastGain is how much above Null the chance of a win must be able to be, for a pilot to
// be worth going on.
const LeastGain = 0.05

// Verdict decides. It may be asked after every trial.
func (e Evidence) Verdict() Verdict {
	low, high := e.Interval()
	switch {
	case low > e.Null:
		return Ship
	case high < e.Null+LeastGain*min(1, 2*(1-e.Null)):
		return Stop
	}
	return GoOn
}
