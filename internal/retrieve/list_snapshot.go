package retrieve

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/recent"
)

// Bounds of what is kept of lists for their next pages: how long, and how much memory all of
// them take.
const (
	listsFor   = 10 * time.Minute
	listsBytes = 64 << 20
)

// keptList is the list of an answer, from which later pages are read. It does not change.
type keptList struct {
	name   string
	engine *Engine
	search *search
	// answer is that of the list without its hits.
	answer match.Answer
	list   []*candidate // without what can be prepared again
	at     time.Time
	bytes  int
}

// keptLists keeps the lists that were used last, by name.
type keptLists struct {
	recent.Cache[string, *keptList]
}

// get returns nil where the list is not kept, or not any more.
func (k *keptLists) get(name string) *keptList {
	kept, ok := k.Get(name)
	if ok && time.Since(kept.at) > listsFor {
		k.Remove(name)
		return nil
	}
	return kept
}

// put keeps a list in the place of one of the same name.
func (k *keptLists) put(kept *keptList) {
	k.Remove(kept.name)
	k.Add(kept.name, kept, kept.bytes, listsBytes)
}

// nameOf names a list by what was asked for and what is in it. The same list has the same
// name in every process, so that a page can go on after a restart, or in another replica, where
// nothing that matters was written since.
func (s *search) nameOf(of []*candidate) string {
	asked := s.asked
	asked.ID, asked.Limit, asked.Offset, asked.Explain, asked.Review, asked.Snapshot = "", 0, 0, false, false, ""
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(asked) // plain data, which always has a form
	number := func(x uint64) { _ = binary.Write(h, binary.LittleEndian, x) }
	number(uint64(s.query.Revision))
	for _, c := range of {
		fmt.Fprintf(h, "%s\x00", c.record.Key())
		number(uint64(c.record.Revision))
		number(math.Float64bits(c.logit))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

// keepList keeps the list of an answer that has more pages, and names it in the answer.
func (s *search) keepList(answer *match.Answer, name string, of []*candidate) {
	kept := &keptList{name: name, engine: s.engine, search: s, answer: *answer, list: make([]*candidate, len(of)), at: time.Now()}
	kept.answer.Hits = nil
	answer.Snapshot, kept.answer.Snapshot = kept.name, kept.name
	for i, c := range of {
		own := *c
		own.prepared = nil
		kept.list[i] = &own
		texts := c.record.Texts()
		kept.bytes += 1000 + len(texts.Title) + len(texts.Body) + 4*(len(c.vectors.Title)+len(c.vectors.Text))
		if p := c.record.Patent; p != nil {
			kept.bytes += len(p.Claims)
		}
	}
	s.engine.root().lists.put(kept)
}

// errStale is that of a page whose list is gone.
func errStale() error {
	return &match.Error{Kind: match.Stale, Field: "page_token", Reason: "the list that the token goes on with is not kept any more, and what was written since has changed it: ask for the first page again"}
}

// resume reads a page of the list that a request names; nil where it is not kept. Hits come in
// the revisions that the list was made of. Those are left out that were withdrawn or hidden
// since, or that keep back since what the list was made of.
func (e *Engine) resume(ctx context.Context, req match.Request) (*match.Answer, error) {
	began := time.Now()
	kept := e.root().lists.get(req.Snapshot)
	if kept == nil || kept.engine != e {
		return nil, nil
	}
	s := *kept.search
	s.asked.ID, s.asked.Limit, s.asked.Offset, s.asked.Explain, s.asked.Review = req.ID, req.Limit, req.Offset, req.Explain, req.Review
	answer := kept.answer
	answer.RequestID = req.ID
	list := append([]*candidate(nil), kept.list...)
	var refs []match.Ref
	from, to := min(req.Offset, len(list)), min(req.Offset+req.Limit, len(list))
	for _, c := range list[from:to] {
		refs = append(refs, c.record.Ref)
	}
	newest, err := e.Records.Get(ctx, refs)
	if err != nil {
		return nil, fmt.Errorf("reading a page again: %w", err)
	}
	gone := 0
	for i, now := range newest {
		c := *list[from+i]
		by := &s
		if c.search != nil {
			by = c.search
		}
		c.prepared = e.prepare(by.ranker, c.record, c.vectors, c.kept)
		if c.gone = !stillShown(c.record, now); c.gone {
			gone++
		}
		list[from+i] = &c
	}
	s.degraded = append([]string(nil), kept.answer.Degraded...)
	if gone > 0 {
		s.degraded = append(s.degraded, fmt.Sprintf("list: %d hits of this page were withdrawn or hidden since its first page", gone))
	}
	if err := s.finish(ctx, &answer, list, req); err != nil {
		return nil, err
	}
	answer.Took = time.Since(began)
	if s.chosen.After != nil {
		s.chosen.After(Second{&answer, &s, kept.list})
	}
	return &answer, nil
}

// stillShown tells whether a record may be shown as it was, given its newest revision.
func stillShown(then, now *match.Record) bool {
	if now == nil || now.Withdrawn || now.Visibility == match.Private {
		return false
	}
	if now.Demand != nil {
		for _, field := range now.Demand.Confidential {
			if !then.Demand.IsConfidential(field) {
				return false
			}
		}
	}
	return true
}

// finish adds the hits of a page to an answer, and explains them where that was asked for.
func (s *search) finish(ctx context.Context, answer *match.Answer, list []*candidate, req match.Request) error {
	s.page(answer, list, req)
	if req.Explain {
		if err := s.engine.explainHits(ctx, answer); err != nil {
			return err
		}
	}
	answer.Degraded = slices.Clip(s.degraded) // what is kept of the list has it too
	if req.Explain && s.engine.Wording != nil {
		answer.Degraded = append(answer.Degraded, s.engine.Wording.Write(ctx, answer.Hits)...)
	}
	if req.Review {
		s.engine.reviewHits(ctx, answer)
	}
	return nil
}
