package pilot

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/duijie/duijie/internal/feedback"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/store"
)

// Report is what was seen in a pilot so far. It rests on answers that are still kept.
type Report struct {
	registry.Pilot
	Running bool
	// Answers and Parties took part; by arm in A/B.
	Answers, Parties map[string]int
	// Successes are parties that contacted a holder or went further, by arm, in A/B.
	Successes map[string]int
	// Ties are interleaved rankings in which both sides earned the same, above nothing.
	Ties int
	// Events are those that were tied to an answer of the pilot.
	Events int
	Evidence
	Low, High, PValue float64
	Verdict           Verdict
	Why               match.LocalText
	// Shadow is the mean of what would have differed; nil unless it was looked at.
	Shadow *ShadowReport
}

// ShadowReport sums up observations.
type ShadowReport struct {
	Observations               int
	Overlap, RBO, SameFirst    float64 // means
	MillisecondsMean, MostLong float64
}

// Sources is what a report reads.
type Sources interface {
	store.Shadows
	store.Events
}

const reportPage = 500

// Look reports on a pilot. It may be called any day, as often as one likes.
func Look(ctx context.Context, s Sources, p registry.Pilot, running bool) (*Report, error) {
	r := &Report{Pilot: p, Running: running, Answers: map[string]int{}, Parties: map[string]int{}, Successes: map[string]int{}}
	seen, err := r.answers(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := r.events(ctx, s, seen); err != nil {
		return nil, err
	}
	if err := r.shadow(ctx, s); err != nil {
		return nil, err
	}
	r.decide(seen)
	return r, nil
}

// seen is an answer of the pilot and what it earned.
type seen struct {
	tenant, arm, party string
	query              match.KeptQuery   // without texts
	team               map[string]string // arm by the hit's id
	kind               match.Kind        // of the query
	gain               map[string]float64
	success            bool
}

func (r *Report) answers(ctx context.Context, s Sources) (map[[2]string]*seen, error) {
	out := map[[2]string]*seen{}
	parties := map[[2]string]bool{}
	var after int64
	for {
		page, err := s.PilotAnswers(ctx, r.Name, after, reportPage)
		if err != nil {
			return nil, err
		}
		for i := range page {
			a := &page[i]
			after = a.Number
			if a.At.Before(r.Started) { // of another pilot of this name
				continue
			}
			x := &seen{tenant: a.Tenant, arm: a.Arm, party: a.Party, query: a.Query, kind: a.Query.Kind, gain: map[string]float64{}}
			x.query.Texts = nil
			if a.Arm == match.BothArms {
				x.team = map[string]string{}
				for _, h := range a.Hits {
					x.team[h.ID] = h.Team
				}
			}
			out[[2]string{a.Tenant, a.RequestID}] = x
			r.Answers[a.Arm]++
			if party := [2]string{a.Arm, a.Party}; !parties[party] {
				parties[party] = true
				r.Parties[a.Arm]++
			}
		}
		if len(page) < reportPage {
			return out, nil
		}
	}
}

// succeeds tells whether a step is a success in A/B.
func succeeds(t match.EventType) bool { return feedback.Gain(t) >= feedback.Gain(match.Contact) }

func (r *Report) events(ctx context.Context, s Sources, answers map[[2]string]*seen) error {
	tenants := map[string]bool{}
	for name := range answers {
		tenants[name[0]] = true
	}
	furthest := map[[3]string]float64{} // of a hit in an answer
	for tenant := range tenants {
		q := store.EventQuery{Tenant: tenant, Limit: reportPage}
		for {
			page, err := s.ListEvents(ctx, q)
			if err != nil {
				return err
			}
			for i := range page {
				e := &page[i]
				q.After = e.Seq
				a := answers[[2]string{tenant, e.Request}]
				if a == nil {
					continue
				}
				r.Events++
				a.success = a.success || succeeds(e.Type)
				hit := e.Patent
				if a.kind == match.PatentKind {
					hit = e.Demand
				}
				if at, gain := [3]string{tenant, e.Request, hit}, feedback.Gain(e.Type); gain > furthest[at] {
					a.gain[a.team[hit]] += gain - furthest[at]
					furthest[at] = gain
				}
			}
			if len(page) < reportPage {
				break
			}
		}
	}
	return nil
}

// decide counts trials and weighs them.
func (r *Report) decide(answers map[[2]string]*seen) {
	r.Null = 0.5
	switch r.Mode {
	case registry.AB:
		r.Null = r.Share
		succeeded := map[[2]string]bool{}
		for _, a := range answers {
			if a.success {
				succeeded[[2]string{a.arm, a.party}] = true
			}
		}
		for at := range succeeded {
			r.Successes[at[0]]++
		}
		r.Wins, r.Losses = r.Successes[match.ChallengerArm], r.Successes[match.ChampionArm]
	case registry.Interleave:
		for _, gain := range rankings(answers) {
			switch x, y := gain[match.ChallengerArm], gain[match.ChampionArm]; {
			case x > y+1e-9:
				r.Wins++
			case y > x+1e-9:
				r.Losses++
			case x > 0:
				r.Ties++
			}
		}
	}
	r.Low, r.High = r.Interval()
	r.PValue, r.Verdict = r.P(), r.Evidence.Verdict()
	switch {
	case r.Mode == registry.Shadow:
		r.Verdict, r.Why = GoOn, words("影子评分不影响用户，也不作结论", "a shadow touches no user, and decides nothing")
	case r.Verdict == Ship:
		r.Why = words("挑战模型更好：获胜机会 %.3f 至 %.3f，高于 %.3f", "the challenger is better: its chance of a win is %.3f to %.3f, above %.3f", r.Low, r.High, r.Null)
	case r.Verdict == Stop && r.High < r.Null:
		r.Why = words("挑战模型更差：获胜机会 %.3f 至 %.3f，低于 %.3f", "the challenger is worse: its chance of a win is %.3f to %.3f, below %.3f", r.Low, r.High, r.Null)
	case r.Verdict == Stop:
		r.Why = words("即使更好也微不足道：获胜机会 %.3f 至 %.3f，持平为 %.3f", "if it is better at all, then by too little: its chance of a win is %.3f to %.3f, and %.3f is equal", r.Low, r.High, r.Null)
	default:
		r.Why = words("尚不能判定：获胜机会 %.3f 至 %.3f，持平为 %.3f", "not known yet: its chance of a win is %.3f to %.3f, and %.3f is equal", r.Low, r.High, r.Null)
	}
}

// rankings adds up what answers earned that come of one coin: those to a party that asked
// the same again, or for the next page. Together they are one trial; apart they would all
// win or lose with the coin, and the test would believe them.
func rankings(answers map[[2]string]*seen) map[ranking]map[string]float64 {
	out := map[ranking]map[string]float64{}
	for _, a := range answers {
		at := ranking{a.tenant, a.party, a.query}
		if out[at] == nil {
			out[at] = map[string]float64{}
		}
		for arm, gain := range a.gain {
			out[at][arm] += gain
		}
	}
	return out
}

// ranking is what a coin is thrown for.
type ranking struct {
	tenant, party string
	query         match.KeptQuery
}

func (r *Report) shadow(ctx context.Context, s Sources) error {
	var all []Difference
	var after int64
	for {
		page, err := s.ListShadows(ctx, r.Name, after, reportPage)
		if err != nil {
			return err
		}
		for _, o := range page {
			after = o.Number
			if o.At.Before(r.Started) {
				continue
			}
			var d Difference
			if err := json.Unmarshal(o.Body, &d); err != nil {
				return &match.Error{Kind: match.Corrupt, Record: "pilot " + r.Name, Reason: "an observation cannot be read", Err: err}
			}
			all = append(all, d)
		}
		if len(page) < reportPage {
			break
		}
	}
	if len(all) == 0 {
		return nil
	}
	out := &ShadowReport{Observations: len(all)}
	n := float64(len(all))
	for _, d := range all {
		out.Overlap += d.Overlap / n
		out.RBO += d.RBO / n
		out.MillisecondsMean += d.Milliseconds / n
		if d.First {
			out.SameFirst += 1 / n
		}
	}
	out.MostLong = slices.MaxFunc(all, func(a, b Difference) int {
		if a.Milliseconds < b.Milliseconds {
			return -1
		}
		return 1
	}).Milliseconds
	r.Shadow = out
	return nil
}
