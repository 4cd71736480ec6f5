package feedback

import (
	"context"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// gains are what the steps of a showing are worth, of 1 for a contract; the furthest one
// counts. They are a convention: each step costs the parties more than the one before.
var gains = map[match.EventType]float64{
	match.View: 0.2, match.Save: 0.5, match.Contact: 0.7, match.Reply: 0.8,
	match.Negotiation: 0.9, match.LicenceSign: 1, match.Contract: 1,
}

// Gain is what a step is worth, from 0 for an impression or a rejection to 1 for a
// contract.
func Gain(t match.EventType) float64 { return gains[t] }

// pairName is a pair of one tenant.
type pairName struct{ demand, patent string }

// showing is a pair in one answer.
type showing struct {
	rank   int     // 0 is unknown
	viewed bool    // or any further step
	gain   float64 // of the furthest step
}

// pairTally is what happened to a pair.
type pairTally struct {
	showings map[string]*showing // by request
	// step is the furthest step in any showing or in none.
	step   match.EventType
	fits   map[match.RejectionReason]bool // reasons of its rejections
	newest time.Time
	counts map[match.EventType]int
}

// tally is what happened to all pairs of a tenant.
type tally struct {
	pairs  map[pairName]*pairTally
	events int64
}

// eventPage is how many events are asked for at once.
const eventPage = 1000

// tallyOf reads all events of a tenant. It holds each showing in memory: about 100 bytes.
func tallyOf(ctx context.Context, s store.Events, tenant string, tell func(done int64)) (*tally, error) {
	t := &tally{pairs: map[pairName]*pairTally{}}
	q := store.EventQuery{Tenant: tenant, Limit: eventPage}
	for {
		page, err := s.ListEvents(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page {
			t.add(&page[i])
			q.After = page[i].Seq
		}
		if tell != nil {
			tell(t.events)
		}
		if len(page) < eventPage {
			return t, nil
		}
	}
}

func (t *tally) add(e *match.Event) {
	t.events++
	name := pairName{e.Demand, e.Patent}
	p := t.pairs[name]
	if p == nil {
		p = &pairTally{showings: map[string]*showing{}, fits: map[match.RejectionReason]bool{}, counts: map[match.EventType]int{}}
		t.pairs[name] = p
	}
	p.counts[e.Type]++
	if e.At.After(p.newest) {
		p.newest = e.At
	}
	if e.Type == match.Rejection {
		p.fits[e.Reason] = true
	}
	if gains[e.Type] > gains[p.step] {
		p.step = e.Type
	}
	if e.Request == "" {
		return
	}
	s := p.showings[e.Request]
	if s == nil {
		s = &showing{}
		p.showings[e.Request] = s
	}
	s.rank = max(s.rank, e.Rank)
	s.viewed = s.viewed || e.Type != match.Impression
	s.gain = max(s.gain, gains[e.Type])
}
