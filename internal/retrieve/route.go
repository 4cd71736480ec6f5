package retrieve

import (
	"context"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// Router chooses the ranker of each request.
type Router interface {
	// Route returns quickly and keeps nothing of q. Its errors are of kind match.NotFound
	// or match.Invalid, for a model that was asked for and cannot be had.
	Route(ctx context.Context, q Query) (Route, error)
	// State tells what is in production: while it stays the same, so do the routes.
	State() string
}

// Query is what a ranker is chosen for.
type Query struct {
	// Tenant, Model and Party are those of the request.
	Tenant, Model, Party string
	Request              string
	Record               *match.Record
	// Vectors are the record's; zero where the embedder is down.
	Vectors rank.Vectors
	// Embedder is whose vectors answer.
	Embedder string
	// Named says that named pairs are scored, or many records matched: one ranker
	// answers, and nothing is tried out.
	Named bool
}

// Route is what was chosen.
type Route struct {
	match.Route // the engine fills in Model
	// Ranker makes the answer; nil is the engine's own.
	Ranker rank.Ranker
	// Rival puts every other hit into the answer, in turn with Ranker; nil is none. Seed
	// decides who begins each round.
	Rival rank.Ranker
	Seed  uint64
	// After is called with the answer when that is made, from the goroutine of the
	// request, and must not wait; nil is not.
	After func(Second)
	// Degraded says what kept a model from answering, as in match.Answer; empty for
	// nothing.
	Degraded string
}

// route chooses the ranker of the search.
func (s *search) route(ctx context.Context) error {
	if s.engine.Router == nil {
		return nil
	}
	var err error
	s.chosen, err = s.engine.Router.Route(ctx, Query{
		Tenant: s.asked.Tenant, Model: s.asked.Model, Party: s.asked.Party, Request: s.asked.ID,
		Record: s.query, Vectors: s.vectors, Embedder: s.engine.Embedder.Identity(), Named: s.named,
	})
	if err != nil {
		return err
	}
	if s.chosen.Degraded != "" {
		s.degraded = append(s.degraded, s.chosen.Degraded)
	}
	s.lineup.use(s.chosen.Ranker)
	s.chosen.Model = s.ranker.Identity()
	return nil
}

// use has another ranker score; nil changes nothing.
func (l *lineup) use(r rank.Ranker) {
	if r != nil {
		l.ranker, l.own = r, r.Identity() == l.fusion.Identity()
	}
}

// by is the search with another ranker, and the candidates in the order of that.
func (s *search) by(r rank.Ranker, of []*candidate) (*search, []*candidate) {
	other := *s
	other.lineup.use(r)
	other.prepareQuery(s.vectors.Text != nil)
	other.catalog = calibrationOf(other.ranker, other.demand(), s.patents)
	out := make([]*candidate, len(of))
	for i, c := range of {
		own := *c
		own.prepared = s.engine.prepare(other.ranker, c.record, c.vectors, c.kept)
		own.logit = other.ranker.Logit(other.pair(other.prepared, own.prepared))
		own.twoSided, own.search = nil, &other
		out[i] = &own
	}
	other.sort(out)
	return &other, out
}

// draft has the rankings of two rankers pick hits in turn, each the best one that is left
// to it; a coin decides who begins a round (team-draft interleaving: Radlinski, Kurup and
// Joachims, How Does Clickthrough Data Reflect Retrieval Quality?, CIKM 2008). Both have
// the same candidates, so that nothing is lost.
func (s *search) draft(own []*candidate) []*candidate {
	if s.chosen.Rival == nil {
		return own
	}
	_, rival := s.by(s.chosen.Rival, own)
	for _, c := range own {
		c.team = match.ChampionArm
	}
	for _, c := range rival {
		c.team = match.ChallengerArm
	}
	out := make([]*candidate, 0, len(own))
	picked := make(map[match.Ref]bool, len(own))
	coin := s.chosen.Seed
	teams := [2][]*candidate{own, rival}
	for len(out) < len(own) {
		coin = mix(coin)
		first := int(coin >> 63)
		for _, t := range [2]int{first, 1 - first} {
			for len(teams[t]) > 0 && picked[teams[t][0].record.Ref] {
				teams[t] = teams[t][1:]
			}
			if len(teams[t]) > 0 {
				picked[teams[t][0].record.Ref] = true
				out, teams[t] = append(out, teams[t][0]), teams[t][1:]
			}
		}
	}
	return out
}

// mix is a step of splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Second lets another ranker order the candidates of an answer once that is made.
type Second struct {
	// Answer must not be changed.
	Answer *match.Answer

	search     *search
	candidates []*candidate
}

// Ordered is a candidate in an order.
type Ordered struct {
	Ref   match.Ref
	Logit float64
}

// Live is the order in which the answer has the candidates.
func (s Second) Live() []Ordered { return ordered(s.candidates) }

// By is the order of another ranker.
func (s Second) By(r rank.Ranker) []Ordered {
	_, list := s.search.by(r, s.candidates)
	return ordered(list)
}

func ordered(list []*candidate) []Ordered {
	out := make([]Ordered, len(list))
	for i, c := range list {
		out[i] = Ordered{c.record.Ref, c.logit}
	}
	return out
}
