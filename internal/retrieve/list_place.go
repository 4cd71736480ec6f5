package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/verdict"
)

// LikeWeight is what a cosine of 1 with the texts to be more like adds to the logit that a hit
// is ordered by, and takes off it for those to be less like; see
// evaluation/decisions/0023-lists.md.
const LikeWeight = 3

// RuledOutWeight is what the first thing that the demand rules out and the patent names takes off
// the logit that a hit is ordered by: enough to go behind all but what has nothing to do with the
// demand.
const RuledOutWeight = 8

// RelevanceFloor is the logit below which a hit is more likely of no use than weakly related:
// no boost lifts a hit from below it over one above.
const RelevanceFloor = rank.WeakCut

// moving is what a request's shape orders by besides the score, made ready once.
type moving struct {
	boosts     []boost
	more, less []float32 // of length 1; nil for none
	// bans are what the demand that was asked with rules out, where that counts.
	bans []verdict.Ban
}

type boost struct {
	conditions []match.Condition
	level      match.BoostLevel
	words      match.LocalText
}

// moves tells whether anything but the score decides the order.
func (m *moving) moves() bool { return len(m.boosts) > 0 || m.more != nil || m.less != nil }

// makeMoving reads what a shape orders by. The shape was validated.
func (s *search) makeMoving(ctx context.Context) (err error) {
	shape := &s.asked.Shape
	if shape.Exclusions && s.query.Kind == match.DemandKind {
		s.moving.bans = verdict.Bans(s.query.Redacted().Texts())
	}
	for _, b := range shape.Boosts {
		conditions, err := b.Conditions(s.target)
		if err != nil {
			return err
		}
		s.moving.boosts = append(s.moving.boosts, boost{conditions, b.Level, conditionWords(conditions)})
	}
	if s.moving.more, err = s.likes(ctx, "more_like", shape.MoreLike); err != nil {
		return err
	}
	s.moving.less, err = s.likes(ctx, "less_like", shape.LessLike)
	return err
}

// likes is the mean of the vectors of records, of length 1; nil where there are none, or the
// embedder is down.
func (s *search) likes(ctx context.Context, field string, ids []string) ([]float32, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	refs := make([]match.Ref, len(ids))
	for i, id := range ids {
		refs[i] = match.RefOf(s.asked.Tenant, s.target, id)
	}
	records, err := s.engine.Records.Get(ctx, refs)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", field, err)
	}
	var unknown []error
	for i, r := range records {
		if r == nil || r.Withdrawn || r.Visibility == match.Private {
			unknown = append(unknown, &match.Error{Kind: match.NotFound, Record: refs[i].String(), Field: fmt.Sprintf("%s[%d]", field, i), Reason: "there is no such record"})
		}
	}
	if len(unknown) > 0 {
		return nil, match.Faults(unknown...)
	}
	within, cancel := context.WithTimeout(ctx, s.engine.patience())
	defer cancel()
	got, failed, err := EmbedRecords(within, s.engine.Embedder, s.target, records)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, err
	case err != nil && (within.Err() != nil || match.KindOf(err) == match.Unavailable):
		s.degraded = append(s.degraded, field+": "+err.Error())
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("embedding %s: %w", field, err)
	}
	var sum []float64
	for i := range got {
		if failed[i] != nil {
			s.degraded = append(s.degraded, fmt.Sprintf("%s[%d]: %v", field, i, failed[i]))
			continue
		}
		if sum == nil {
			sum = make([]float64, len(got[i].Text))
		}
		for k, x := range got[i].Text {
			sum[k] += float64(x)
		}
	}
	return unit(sum), nil
}

// placing is where a candidate stands in the list, and why.
type placing struct {
	match.Placement
	below bool // the floor of relevance
}

// before is the order of a shaped list: those that meet more of the filter first, then, where
// something moves hits, those above the floor, then by key.
func (s *search) before(a, b *candidate) int {
	return cmp.Or(cmp.Compare(a.step, b.step), compareBool(a.placing.below, b.placing.below), cmp.Compare(b.placing.Key, a.placing.Key),
		cmp.Compare(b.logit, a.logit), cmp.Compare(a.record.ID, b.record.ID), cmp.Compare(a.record.Tenant, b.record.Tenant))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// sortShaped puts candidates in the order of a shaped list. by is what was asked to order by.
func (s *search) sortShaped(of []*candidate, by func(*candidate) float64) {
	for _, c := range of {
		p := &placing{}
		if p.Base = by(c); s.order != match.ForwardOrder {
			p.Base = match.Logit(p.Base)
		}
		p.Key = p.Base
		p.Terms = s.terms(c)
		for _, t := range p.Terms {
			p.Key += t.Logit
			p.Why = append(p.Why, t.Why)
		}
		p.below = s.moving.moves() && p.Base < RelevanceFloor
		if len(c.unmet) > 0 {
			p.Unmet = c.unmet
			p.Why = append(p.Why, unmetWhy(c.unmet))
		}
		c.placing = p
	}
	slices.SortFunc(of, s.before)
}

// terms are what moves a candidate.
func (s *search) terms(c *candidate) (out []match.OrderTerm) {
	if len(s.moving.boosts) > 0 {
		payload := c.record.Payload()
		for _, b := range s.moving.boosts {
			if payload.Satisfies(b.conditions) {
				out = append(out, boostTerm(b))
			}
		}
	}
	if t, ok := s.ruledOut(c); ok {
		out = append(out, t)
	}
	for _, like := range []struct {
		name   match.OrderTermName
		to     []float32
		weight float64
		zh, en string
	}{
		{match.MoreLikeTerm, s.moving.more, LikeWeight, "与希望更相似的记录的相似度", "likeness to what hits are to be more like"},
		{match.LessLikeTerm, s.moving.less, -LikeWeight, "与希望少见的记录的相似度", "likeness to what hits are to be less like"},
	} {
		if like.to == nil {
			continue
		}
		score := rank.Cosine(like.to, c.vectors.Text)
		t := match.OrderTerm{Name: like.name, Score: score, Weight: like.weight, Logit: like.weight * score}
		t.Why = match.LocalText{ZH: fmt.Sprintf("%s %.2f：%+.2f", like.zh, score, t.Logit), EN: fmt.Sprintf("%s %.2f: %+.2f", like.en, score, t.Logit)}
		out = append(out, t)
	}
	return out
}

// ruledOut is the term of the first thing that the demand rules out and the patent names.
func (s *search) ruledOut(c *candidate) (out match.OrderTerm, ok bool) {
	if !s.asked.Shape.Exclusions {
		return out, false
	}
	bans, patent := s.moving.bans, c.record.Patent
	if s.query.Kind == match.PatentKind {
		bans, patent = verdict.Bans(c.record.Redacted().Texts()), s.query.Patent
	}
	ban, clause := verdict.FirstNamed(bans, patent)
	if clause == "" {
		return out, false
	}
	out = match.OrderTerm{Name: match.RuledOutTerm, Score: 1, Weight: -RuledOutWeight, Logit: -RuledOutWeight}
	out.Why = match.LocalText{
		ZH: fmt.Sprintf("需求写明“%s”，专利却涉及“%s”：%+.2f", ban.Text, clause, out.Logit),
		EN: fmt.Sprintf("the demand says “%s”, and the patent has “%s”: %+.2f", ban.Text, clause, out.Logit),
	}
	return out, true
}

func boostTerm(b boost) match.OrderTerm {
	t := match.OrderTerm{Name: match.BoostTerm, Score: 1, Weight: b.level.Logit(), Logit: b.level.Logit()}
	level := b.level.Words()
	t.Why = match.LocalText{
		ZH: fmt.Sprintf("符合优先条件（%s），%s提升：%+.2f", b.words.ZH, level.ZH, t.Logit),
		EN: fmt.Sprintf("meets a preferred condition (%s), %s boost: %+.2f", b.words.EN, level.EN, t.Logit),
	}
	return t
}

// checkShape refuses what no list can be made of.
func checkShape(req match.Request) error {
	if req.From.Kind.Validate() != nil {
		return nil // the query says so
	}
	return req.Shape.Validate(req.From.Kind.Other())
}
