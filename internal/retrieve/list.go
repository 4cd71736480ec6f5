package retrieve

import (
	"github.com/duijie/duijie/internal/match"
)

// shape makes the list of an answer out of its ranking: what is the same is shown once, no
// holder has more than its share, and the first hits differ. It notes in the answer what it
// did.
func (s *search) shape(answer *match.Answer, ranking []*candidate) []*candidate {
	if s.asked.Shape.Plain() {
		return ranking
	}
	out := &match.Shaped{Broadening: s.broadening}
	if s.asked.Shape.Facets {
		out.Facets = facets(s.target, ranking)
	}
	list, collapsed, over := s.thin(ranking)
	list = diversify(list, s.asked.Shape.Diversity)
	out.Listed, out.Collapsed, out.OverCap = len(list), collapsed, over
	answer.Shaped = out
	return list
}

// thin leaves out what others stand for, and what is beyond a holder's share.
func (s *search) thin(list []*candidate) (kept []*candidate, collapsed, over int) {
	if s.asked.Shape.Collapse {
		list, collapsed = collapse(list)
	}
	if most := s.asked.Shape.MaxPerHolder; most > 0 {
		list, over = capHolders(list, most)
	}
	return list, collapsed, over
}
