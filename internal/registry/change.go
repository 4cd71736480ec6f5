package registry

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/report"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Actions of the history.
const (
	Promoted   = "promote"
	RolledBack = "rollback"
)

// Promotion asks for a version to be used under an alias.
type Promotion struct {
	Alias, Model string // Model may be the beginning of an id
	By, Reason   string
	// Datasets are the frozen ones to measure on; empty is all.
	Datasets []string
	// Overrides let checks pass that are too small to decide; see gate.Override. The name
	// "all" stands for all but those in which the candidate seems to lose, or has failed.
	Overrides []gate.Override
}

// Change is what has become of an alias.
type Change struct {
	Seq         int64
	Alias       string
	Before, Now string // ids; empty is no version
	Decision    *gate.Decision
}

// Promote puts a version in production if the gate lets it. A candidate that it does not
// let is an error of kind match.Denied, and the change tells the decision; the checks that
// failed are kept, and what cannot be measured any more later is overridden by its name alone. Others' changes
// in the meantime are an error of kind match.Conflict.
func (r *Registry) Promote(ctx context.Context, p Promotion, tell func(done, total int)) (Change, error) {
	change := Change{Alias: p.Alias}
	if err := checkWho(p.Alias, p.By, p.Reason); err != nil {
		return change, err
	}
	v, err := r.Version(ctx, p.Model)
	if err != nil {
		return change, err
	}
	now, since, err := r.current(ctx, p.Alias)
	if err != nil {
		return change, err
	}
	change.Before, change.Now = now, v.ID
	if now == v.ID {
		return change, (&match.Error{Kind: match.Conflict, Record: "model " + v.ID}).Because("is what %s stands for already", p.Alias)
	}
	m, err := r.load(ctx, v.ID)
	if err == nil {
		err = m.CheckEmbedder(r.config.Embedder())
	}
	if err != nil {
		return change, err
	}
	if p.Alias != Challenger {
		if change.Decision, err = r.Judge(ctx, p, tell); err != nil {
			return change, err
		}
		if err := r.keepFailed(ctx, p, v.ID, change.Decision); err != nil {
			return change, err
		}
		if change.Decision.Verdict != statistic.Pass {
			return change, refusal(v.ID, change.Decision)
		}
	}
	return r.change(ctx, change, since, Promoted, p.By, p.Reason)
}

// refusal names the checks that keep a candidate out.
func refusal(id string, d *gate.Decision) error {
	var zh, en []string
	for _, c := range d.Checks {
		if c.Verdict != statistic.Pass {
			zh, en = append(zh, c.Name+"："+report.InChinese(c.Reason)), append(en, c.Name+": "+c.Reason)
		}
	}
	why := match.LocalText{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}
	if d.Verdict == statistic.Undecided {
		return (&match.Error{Kind: match.Denied, Record: "model " + id}).Because("the gate cannot decide; who allows it all the same must say so and why: %s", why)
	}
	return (&match.Error{Kind: match.Denied, Record: "model " + id}).Because("does not pass the gate: %s", why)
}

func checkWho(alias, by, reason string) error {
	var who, why error
	if strings.TrimSpace(by) == "" {
		who = match.Invalidf("by", "must say who changes what is in production")
	}
	if strings.TrimSpace(reason) == "" {
		why = match.Invalidf("reason", "must say why")
	}
	return match.Faults(CheckAlias(alias), who, why)
}

// current is what an alias has now, and the number of the change that made it so.
func (r *Registry) current(ctx context.Context, alias string) (id string, seq int64, err error) {
	settings, _, err := r.config.Store.Settings(ctx)
	for _, s := range settings {
		if s.Name == aliasSetting+alias {
			return s.Value, s.Seq, nil
		}
	}
	return "", 0, err
}

// change writes what was decided, and has this process know it at once.
func (r *Registry) change(ctx context.Context, c Change, since int64, action, by, reason string) (Change, error) {
	var detail []byte
	var err error
	if c.Decision != nil {
		if detail, err = json.Marshal(c.Decision); err != nil {
			return c, err
		}
	}
	if c.Seq, err = r.config.Store.ChangeSetting(ctx, store.SettingChange{
		Name: aliasSetting + c.Alias, Value: c.Now, Since: since, Action: action, By: by, Reason: reason, Detail: detail,
	}); err != nil {
		return c, err
	}
	r.config.Log.Warn("what is in production has changed", "alias", c.Alias, "before", c.Before, "now", c.Now, "action", action, "by", by, "reason", reason)
	return c, r.refresh(ctx, true)
}

// Rollback puts the version back that an alias had before the one it has; without one,
// the alias goes, and what is below it counts. It asks no gate.
func (r *Registry) Rollback(ctx context.Context, alias, by, reason string) (Change, error) {
	change := Change{Alias: alias}
	if err := checkWho(alias, by, reason); err != nil {
		return change, err
	}
	now, since, err := r.current(ctx, alias)
	if err != nil {
		return change, err
	}
	if now == "" {
		return change, (&match.Error{Kind: match.NotFound, Record: "alias " + alias}).Because("has no version to roll back from")
	}
	history, err := r.History(ctx, alias, 0, maxHistory)
	if err != nil {
		return change, err
	}
	change.Before, change.Now = now, former(history)
	return r.change(ctx, change, since, RolledBack, by, reason)
}

// maxHistory is how many changes of one alias a rollback looks back.
const maxHistory = 10_000

// former is the version below the newest one: promotions are piled up, and a rollback
// takes the topmost away. The history has the newest change first.
func former(history []Event) string {
	var pile []string
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Action == RolledBack {
			pile = pile[:max(0, len(pile)-1)]
			continue
		}
		pile = append(pile, history[i].Now)
	}
	if len(pile) < 2 {
		return ""
	}
	return pile[len(pile)-2]
}

// Event is a change of the history.
type Event struct {
	Change
	Action, By, Reason string
	At                 time.Time
}

// History lists the changes of an alias ("": of all), the newest first: those before a
// number (0: from the newest), at most limit.
func (r *Registry) History(ctx context.Context, alias string, before int64, limit int) ([]Event, error) {
	name := ""
	if alias != "" {
		name = aliasSetting + alias
	}
	changes, err := r.config.Store.SettingHistory(ctx, name, before, limit)
	if err != nil {
		return nil, err
	}
	var out []Event
	for _, c := range changes {
		alias, ok := strings.CutPrefix(c.Name, aliasSetting)
		if !ok {
			alias = c.Name // a pilot, a dataset, or what a version failed
		}
		e := Event{Change{Seq: c.Seq, Alias: alias, Before: c.Before, Now: c.Value}, c.Action, c.By, c.Reason, c.At}
		if (ok || strings.HasPrefix(c.Name, gateSetting)) && len(c.Detail) > 0 {
			e.Decision = &gate.Decision{}
			if err := json.Unmarshal(c.Detail, e.Decision); err != nil {
				return nil, &match.Error{Kind: match.Corrupt, Record: c.Name, Reason: "its decision cannot be read", Err: err}
			}
		}
		out = append(out, e)
	}
	return out, nil
}
