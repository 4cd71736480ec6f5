package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Checks that a version failed are remembered until they are measured anew, so that what was
// measured is not forgotten with the dataset that it was measured by: they are kept as
// changes of the setting gateSetting + id, beside the other changes of the history.
const (
	gateSetting = "gate/"
	// Refused is the action, and refusedValue what the setting says while checks are failed.
	// Cleared is the action of taking it away, once all of them have passed.
	Refused      = "refuse"
	Cleared      = "clear"
	refusedValue = "refused"
)

// measured is the detail of such a change: the decision, and all checks that are failed as last
// measured, each with its reason.
type measured struct {
	gate.Decision
	Failed map[string]string `json:"failed"`
}

// failed gives the checks that a version failed when they were last measured, by name, with the
// reasons.
func (r *Registry) failed(ctx context.Context, id string) (map[string]string, error) {
	changes, err := r.config.Store.SettingHistory(ctx, gateSetting+id, 0, 1)
	if err != nil || len(changes) == 0 || changes[0].Value == "" {
		return nil, err
	}
	var last measured
	if err := json.Unmarshal(changes[0].Detail, &last); err != nil {
		return nil, &match.Error{Kind: match.Corrupt, Record: gateSetting + id, Reason: "its decision cannot be read", Err: err}
	}
	return last.Failed, nil
}

// remember names the checks that failed when they were last measured and are not measured now:
// nothing but their own name lets them pass.
func (j *judging) remember(failed map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(failed)) {
		at := slices.IndexFunc(j.checks, func(c gate.Check) bool { return c.Name == name })
		switch {
		case at < 0 && !j.promotion.concerns(name), at < 0 && j.promotion.replaces(name, j.checks):
			continue
		case at < 0:
			at = len(j.checks)
			j.check(name, statistic.Undecided, "not measured now")
		case j.checks[at].Verdict != statistic.Undecided:
			continue
		}
		if j.named == nil {
			j.named = map[string]bool{}
		}
		j.named[name] = true
		c := &j.checks[at]
		c.Reason = fmt.Sprintf("%s; failed when it was last measured (%s): an override must name this check", c.Reason, failed[name])
	}
}

// concerns tells whether a check that was made of another promotion is one of p's as well: those of
// sectors are, the win is that of an alias.
func (p *Promotion) concerns(check string) bool {
	return strings.HasPrefix(check, "sector=") || strings.HasPrefix(check, p.Alias+": ")
}

// replaces tells whether a check of a sector is replaced by the win in it, as measured for the
// sector's own alias.
func (p *Promotion) replaces(check string, checks []gate.Check) bool {
	sector, ok := strings.CutPrefix(p.Alias, SectorOf)
	if !ok || !strings.HasPrefix(check, "sector="+sector+"/") {
		return false
	}
	return slices.ContainsFunc(checks, func(c gate.Check) bool {
		return strings.HasPrefix(c.Name, p.Alias+": ") && c.Verdict == statistic.Pass && c.Override == nil
	})
}

// keepFailed notes what a decision has measured: checks that failed, and those that did before
// and pass now.
func (r *Registry) keepFailed(ctx context.Context, p Promotion, id string, d *gate.Decision) error {
	before, err := r.failed(ctx, id)
	if err != nil {
		return err
	}
	now := maps.Clone(before)
	if now == nil {
		now = map[string]string{}
	}
	for _, c := range d.Checks {
		switch {
		case c.Verdict == statistic.Fail:
			now[c.Name] = c.Reason
		case c.Verdict == statistic.Pass && c.Override == nil:
			delete(now, c.Name)
		}
	}
	maps.DeleteFunc(now, func(name, _ string) bool { return p.replaces(name, d.Checks) })
	if d.Verdict != statistic.Fail && maps.Equal(before, now) {
		return nil
	}
	detail, err := json.Marshal(measured{*d, now})
	if err != nil {
		return err
	}
	change := store.SettingChange{Name: gateSetting + id, Value: refusedValue, Since: -1, Action: Refused, By: p.By, Reason: p.Reason, Detail: detail}
	if len(now) == 0 {
		change.Value, change.Action = "", Cleared
	}
	_, err = r.config.Store.ChangeSetting(ctx, change)
	return err
}
