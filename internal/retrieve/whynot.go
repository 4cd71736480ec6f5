package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// WhyNot says where a record of the other kind fell out of the answer to req. Its errors
// are those of Match. Of a record of another tenant it says what it says of one that does
// not exist.
func (e *Engine) WhyNot(ctx context.Context, req match.Request, id string) (*match.WhyNot, error) {
	began := time.Now()
	if id == "" {
		return nil, match.Invalidf("id", "is empty")
	}
	if !req.Shape.Plain() {
		return nil, match.Invalidf("match", "why-not tells of the plain list: leave out the options that shape it")
	}
	live, err := e.ready(req)
	if err != nil {
		return nil, err
	}
	s, err := live.search(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &match.WhyNot{RequestID: req.ID, Query: *s.query}
	w := &whyNot{search: s, out: out, ref: match.RefOf(req.Tenant, s.target, id)}
	if err := w.find(ctx); err != nil {
		return nil, fmt.Errorf("asking why %v is not in the answer to %v: %w", w.ref, s.query.Ref, err)
	}
	w.say()
	out.Degraded, out.Took = s.degraded, time.Since(began)
	return out, nil
}

// whyNot is the work on one such question.
type whyNot struct {
	*search
	out    *match.WhyNot
	ref    match.Ref
	record *match.Record
	own    *candidate // the record; nil where it is not scored
	last   *candidate // the last one that is shown; nil for an empty answer
}

// find sets the stage, and all that is known of the record there.
func (w *whyNot) find(ctx context.Context) error {
	records, err := w.engine.Records.Get(ctx, []match.Ref{w.ref})
	if err != nil {
		return err
	}
	w.record = records[0]
	switch {
	case w.record == nil:
		w.out.Stage = match.UnknownRecord
	case w.record.Withdrawn:
		w.out.Stage = match.WithdrawnRecord
	case w.record.Visibility == match.Private:
		w.out.Stage = match.HiddenRecord
	}
	if w.out.Stage != "" {
		w.out.Versions = w.engine.versions(w.target, w.engine.Own())
		return nil
	}
	ranking, err := w.ranking(ctx)
	if err != nil {
		return err
	}
	if err := w.setCatalog(ctx); err != nil {
		return err
	}
	if ranking, err = w.rerank(ctx, w.draft(ranking)); err != nil {
		return err
	}
	w.out.Versions, w.out.Route = w.engine.versions(w.target, w.ranker), w.chosen.Route
	if w.out.LastRank = min(len(ranking), w.asked.Offset+w.asked.Limit); w.out.LastRank > 0 {
		w.last = ranking[w.out.LastRank-1]
	}
	at := slices.IndexFunc(ranking, func(c *candidate) bool { return c.record.Ref == w.ref })
	if at < 0 {
		return w.fellOut(ctx)
	}
	w.own, w.out.Rank, w.out.Stage = ranking[at], at+1, match.BelowPage
	if w.out.Rank <= w.out.LastRank {
		w.out.Stage = match.InAnswer
	}
	w.compareWithLast()
	return nil
}

// fellOut sets the stage of a record that is not ranked.
func (w *whyNot) fellOut(ctx context.Context) error {
	if err := w.state(ctx); err != nil {
		return err
	}
	if err := w.conditionsOf(); err != nil {
		return err
	}
	if err := w.scoreOwn(ctx); err != nil {
		return err
	}
	w.compareWithLast()
	if w.out.Stage != "" {
		return nil
	}
	if err := w.nominations(ctx); err != nil {
		return err
	}
	at := slices.IndexFunc(w.firsts, func(k known) bool { return k.key == w.ref.Key() })
	switch {
	case at >= match.MaxDepth:
		w.out.Stage = match.LostFirstPass
		w.out.FirstPass = &match.FirstPass{
			Rank: at + 1, Depth: match.MaxDepth, Logit: w.firsts[at].first, Cutoff: w.firsts[match.MaxDepth-1].first,
		}
	case at >= 0 || w.out.State != "":
		// Nominated and not read: it was written between the search and now.
		w.out.Stage = match.NotSearchable
		w.out.State = cmp.Or(w.out.State, match.Accepted)
	default:
		w.out.Stage = match.NotNominated
	}
	return nil
}

// state notes how far a record is that is not indexed.
func (w *whyNot) state(ctx context.Context) (err error) {
	state, reason := match.Indexed, ""
	if w.side.State != nil {
		if state, reason, err = w.side.State(ctx, w.record); err != nil {
			return err
		}
	} else if w.record.Seq > w.side.Applied() {
		state = match.Accepted
	}
	if state != match.Indexed {
		w.out.State, w.out.StateReason = state, reason
	}
	return nil
}

// conditionsOf notes which conditions the record does not meet: those of the filter make
// it filtered, those of the day unavailable.
func (w *whyNot) conditionsOf() error {
	all := w.asked.Filter
	all.IncludeUnavailable = true
	asked, err := all.Conditions(w.target, w.asked.Tenant, match.DateOf(w.engine.Now()))
	if err != nil {
		return err
	}
	payload := w.record.Payload()
	for i, c := range w.conditions {
		if payload.Satisfies([]match.Condition{c}) {
			continue
		}
		failed, stage := failedCondition(w.record, payload, c), match.UnavailableRecord
		if i < len(asked) {
			stage, failed.Field = match.FilteredOut, filterField(c.Field)
		}
		w.out.Conditions = append(w.out.Conditions, failed)
		if w.out.Stage != match.FilteredOut {
			w.out.Stage = stage
		}
	}
	return nil
}

// scoreOwn scores the record, which no search has found. Where its vectors are not
// stored it is embedded; where that fails, it is scored by its words.
func (w *whyNot) scoreOwn(ctx context.Context) error {
	key := []string{w.ref.Key()}
	words, err := w.side.Words.Score(ctx, w.query.Texts().Full(), key)
	if err != nil {
		return fmt.Errorf("comparing words: %w", err)
	}
	stored, err := w.storedVectors(ctx, key)
	if err != nil {
		return err
	}
	c := &candidate{record: w.record, vectors: stored[0], words: words[0].Score}
	if c.vectors.Text == nil && w.vectors.Text != nil {
		if v, err := w.engine.embedRecord(ctx, w.record); err == nil {
			c.vectors = v
		} else if k := match.KindOf(err); k != match.Unavailable && !isPartial(err) {
			return err
		}
	}
	c.prepared = w.engine.prepare(w.ranker, w.record, c.vectors, false)
	c.logit = w.ranker.Logit(w.pair(w.prepared, c.prepared))
	c.twoSided = w.fit(c, chance(c.logit))
	w.own = c
	return nil
}

// compareWithLast sets the score, and how far it is behind the last hit.
func (w *whyNot) compareWithLast() {
	own := w.score(w.own)
	w.out.Score = &own
	if w.last == nil {
		return
	}
	last := w.score(w.last)
	short := &match.Shortfall{
		LastID: w.last.record.ID, LastValue: last.Value, LastLogit: last.Logit, Gap: last.Logit - own.Logit,
		LastOrdered: w.orderedBy(w.last), Ordered: w.orderedBy(w.own),
	}
	if w.own.search == w.last.search { // one ranker scored both
		short.Behind = behind(last, own)
	}
	w.out.Shortfall = short
}

// behind lists the legs that contribute less to own than to last.
func behind(last, own match.Score) (out []match.LegDifference) {
	contributions := map[match.LegName]float64{}
	for _, l := range own.Legs {
		contributions[l.Name] += l.Contribution
	}
	for _, l := range last.Legs {
		d := match.LegDifference{Leg: l.Name, Last: l.Contribution, Own: contributions[l.Name]}
		if d.Difference = d.Last - d.Own; d.Difference > 0 {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b match.LegDifference) int { return cmp.Compare(b.Difference, a.Difference) })
	return out
}

// cosine is that of the record with the query, by titles or by whole texts.
func (w *whyNot) cosine(leg match.LegName) float64 {
	if leg == match.TitleLeg {
		return rank.Cosine(w.vectors.Title, w.own.vectors.Title)
	}
	return rank.Cosine(w.vectors.Text, w.own.vectors.Text)
}
