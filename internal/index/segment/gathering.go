package segment

import "github.com/duijie/duijie/internal/quant"

// candidate is a row that may be among the hits.
type candidate struct {
	upper float64 // bound of its score by its codes and by its sketch
	part  *part
	row   uint32
}

// gathering is the candidates for the limit best hits of a query.
type gathering struct {
	lower  quant.Best[float64]
	floor  float64 // rows below it are no candidates
	found  []candidate
	tidyAt int
}

// newGathering begins with a floor that limit hits from elsewhere reach. From room and
// twice limit candidates on it drops those that fell below the floor.
func newGathering(limit, room int, floor float64) gathering {
	return gathering{
		lower:  quant.Best[float64]{Limit: limit, Worse: func(a, b float64) bool { return a < b }},
		floor:  floor,
		tidyAt: room + 2*min(limit, 1<<20),
	}
}

func (g *gathering) take(c candidate, lower float64) {
	g.found = append(g.found, c)
	g.lower.Add(lower)
	g.raise()
}

// raise lifts the floor to what limit rows seen here reach.
func (g *gathering) raise() {
	if g.lower.Full() {
		g.floor = max(g.floor, g.lower.Worst())
	}
}

func (g *gathering) tidyIfLarge() {
	if len(g.found) > g.tidyAt {
		g.tidy()
		g.tidyAt = max(g.tidyAt, 2*len(g.found))
	}
}

// tidy drops the candidates below the floor.
func (g *gathering) tidy() {
	kept := g.found[:0]
	for _, c := range g.found {
		if c.upper >= g.floor {
			kept = append(kept, c)
		}
	}
	g.found = kept
}
