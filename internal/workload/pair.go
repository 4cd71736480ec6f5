package workload

import (
	"math/rand/v2"

	"github.com/duijie/duijie/internal/match"
)

// PairsOfDemand is how many labelled pairs there are of each demand.
const PairsOfDemand = 31

// How much a patent of the demand's own topic, and one of another topic that borrows the
// demand's words, exceeds any other one; the spread between raters, and that of a label
// beyond it; and where the levels 2, 3 and 4 begin. About a half of the labels is of level
// 1, a third of 2, and one in eight of 3 or 4.
const (
	ofOwnTopic, ofBorrowed      = 1.3, 0.5
	lenienceSpread, labelSpread = 0.3, 0.6
	secondLevel, third, fourth  = 0.45, 1.6, 2.4
)

// Pair makes the patent of the i-th labelled pair, which no other pair has. Of four patents
// one is on the demand's topic, one on another topic in some of the demand's words, and
// two on others.
func (g *Generator) Pair(i int) match.Patent {
	r, about, _ := g.pair(i)
	return match.Patent{
		Number: PatentNumber(i), Title: g.title(r, about, about.patents[:]),
		Abstract: g.body(r, about, about.patents[:], about.demands[:], patentSize),
	}
}

// PairLevel is the level that somebody gave the i-th labelled pair. Its demand is that of
// number i / PairsOfDemand.
func (g *Generator) PairLevel(i int) match.Level {
	_, _, worth := g.pair(i)
	level := match.Level(1)
	for _, cut := range []float64{secondLevel, third, fourth} {
		if worth > cut {
			level++
		}
	}
	return level
}

// pair draws the topic of a pair's patent, and what it is worth.
func (g *Generator) pair(i int) (r *rand.Rand, about topic, worth float64) {
	demand := uint64(i / PairsOfDemand)
	r = g.random(pairStream, uint64(i))
	asked := g.choose(g.random(demandStream, demand))
	lenience := g.random(lenienceStream, demand).NormFloat64()
	about, worth = g.choose(r), lenienceSpread*lenience+labelSpread*r.NormFloat64()
	switch r.IntN(4) {
	case 0:
		about = asked
		worth += ofOwnTopic
	case 1:
		about.key = asked.key
		worth += ofBorrowed
	}
	return r, about, worth
}
