package review

import (
	"cmp"
	"context"
	"crypto/sha256"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/recent"
)

// Reviewer reviews explanations. It is safe for concurrent use.
type Reviewer struct {
	Asker chat.Asker
	// Model names the model, for match.Explanation.Reviewer.
	Model string
	// Hits is how many of the first explanations of an answer are reviewed; 0 is 10.
	Hits int
	// Price is that of a million tokens, in any currency; 0 counts no cost.
	Price float64

	asked, failed, cached, tokens, kept, dropped atomic.Int64

	remembered recent.Cache[[sha256.Size]byte, []Finding]
}

// Usage is what was asked since the reviewer was made.
type Usage struct {
	// Requests were sent, of which Failed brought no verdicts; Cached were answered from memory.
	Requests, Failed, Cached int64
	// Kept verdicts stood up, Dropped ones did not.
	Kept, Dropped int64
	// Tokens are those of the requests, as the endpoint counts, and Cost what they cost at
	// Price.
	Tokens int64
	Cost   float64
}

// Usage tells what was asked so far.
func (r *Reviewer) Usage() Usage {
	u := Usage{r.asked.Load(), r.failed.Load(), r.cached.Load(), r.kept.Load(), r.dropped.Load(), r.tokens.Load(), 0}
	u.Cost = float64(u.Tokens) * r.Price / 1e6
	return u
}

const (
	defaultHits = 10
	// rememberedBytes is how much memory findings take that were asked for before.
	rememberedBytes = 8 << 20
)

var errSuspect = &match.Error{Kind: match.Invalid, Reason: "a text speaks to a model, and is not sent"}

// Review adds a review to the elements of the first explanations. Records hold nothing
// confidential. What it returns says why there is none, for match.Answer.Degraded; each
// reason once.
func (r *Reviewer) Review(ctx context.Context, pairs []match.Explained) (degraded []string) {
	return chat.Each("review", min(len(pairs), cmp.Or(r.Hits, defaultHits)), func(i int) error {
		return r.one(ctx, pairs[i])
	})
}

// one reviews one explanation.
func (r *Reviewer) one(ctx context.Context, e match.Explained) error {
	x, patent := e.Explanation, e.Patent
	p := Pair{Demand: e.Demand.Texts()}
	if p.Patent, p.Cut = Cut(patent.Patent); x == nil || len(x.Elements) == 0 || len(p.Patent) == 0 {
		return nil
	}
	for _, e := range x.Elements {
		p.Elements = append(p.Elements, Asked{e.Kind, e.Demand.Text})
	}
	found, err := r.Ask(ctx, &p)
	if err != nil {
		return err
	}
	for i, f := range found {
		if f.Verdict == "" {
			continue
		}
		own := &match.Review{Verdict: f.Verdict}
		for _, n := range f.Cites {
			q := p.Patent[n]
			words := strings.TrimRight(q.Text, "，,。；;、：:. ")
			own.Patent = append(own.Patent, match.Span{Ref: patent.Ref, Revision: patent.Revision, Field: q.Field,
				Start: q.At.Start, End: q.At.Start + utf8.RuneCountInString(words), Text: words})
		}
		x.Elements[i].Review, x.Reviewer = own, r.Model
	}
	return nil
}

// Ask has a pair judged, and gives a finding for each of its elements. An error is that of the
// endpoint, of kind Unavailable where it talks nonsense, and Invalid where a text may not be
// sent.
func (r *Reviewer) Ask(ctx context.Context, p *Pair) ([]Finding, error) {
	data := p.data()
	key := sha256.Sum256([]byte(data))
	if found, ok := r.remembered.Get(key); ok {
		r.cached.Add(1)
		return found, nil
	}
	if p.suspect() {
		return nil, errSuspect
	}
	r.asked.Add(1)
	answer, err := r.Asker.Ask(ctx, instructions, data)
	r.tokens.Add(int64(answer.Tokens))
	var found []Finding
	if err == nil {
		found, err = p.Read(answer.Text)
	}
	if err != nil {
		r.failed.Add(1)
		return nil, err
	}
	bytes := len(key)
	for _, f := range found {
		bytes += 64 + 8*len(f.Cites)
		if f.Verdict == "" {
			r.dropped.Add(1)
		} else {
			r.kept.Add(1)
		}
	}
	r.remembered.Add(key, found, bytes, rememberedBytes)
	return found, nil
}
