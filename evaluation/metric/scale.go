package metric

import "fmt"

// MaxLevels is the most levels that a scale may have.
const MaxLevels = 8

// Unjudged marks a ranked document that nobody judged for the query.
const Unjudged int8 = -1

// Scale is the range of levels of a judgement, both ends included. Min means
// "not related". The zero value is no valid scale; see [Levels4].
type Scale struct{ Min, Max int }

// Levels4 is the scale of Duijie: 1 none, 2 weak, 3 rather strong, 4 strong.
var Levels4 = Scale{Min: 1, Max: 4}

// Levels is the number of levels of the scale.
func (s Scale) Levels() int { return s.Max - s.Min + 1 }

// Holds tells whether level lies on the scale.
func (s Scale) Holds(level int) bool { return level >= s.Min && level <= s.Max }

// Gain is 2^(level-Min)-1, the exponential gain of Burges et al., "Learning to
// rank using gradient descent", ICML 2005, with the lowest level worth nothing.
// An unjudged document gains 0.
func (s Scale) Gain(level int8) float64 {
	if int(level) <= s.Min {
		return 0
	}
	return float64(int(1)<<(int(level)-s.Min)) - 1
}

// Validate reports a scale that has fewer than two levels, negative levels or
// more than [MaxLevels].
func (s Scale) Validate() error {
	if s.Min < 0 || s.Max <= s.Min || s.Levels() > MaxLevels {
		return fmt.Errorf("metric: scale %d–%d: want 0 ≤ min < max and at most %d levels", s.Min, s.Max, MaxLevels)
	}
	return nil
}
