package registry

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Pilot compares a challenger with what is in production, on live requests. How is for
// package pilot.
type Pilot struct {
	Name string `json:"-"`
	// Where is the alias whose requests take part.
	Where      string    `json:"where"`
	Challenger string    `json:"challenger"` // id of a version
	Mode       PilotMode `json:"mode"`
	// Share is the part of the parties that get the challenger (AB, below 1), or of the
	// requests that are looked at (Shadow, Interleave).
	Share   float64   `json:"share"`
	Started time.Time `json:"started"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	// Seq is the number of the change that began it.
	Seq int64 `json:"-"`
}

// PilotMode is how two models are compared.
type PilotMode string

const (
	// Shadow scores requests with the challenger as well, and shows it to nobody.
	Shadow PilotMode = "shadow"
	// AB answers some parties with the challenger, each party always with the same.
	AB PilotMode = "ab"
	// Interleave puts hits of both into each answer, in turn.
	Interleave PilotMode = "interleave"
)

// Actions of pilots in the history.
const (
	PilotBegun = "pilot"
	PilotEnded = "pilot end"
)

var pilotForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (p Pilot) validate() error {
	var name, mode, share error
	if !pilotForm.MatchString(p.Name) {
		name = match.Invalidf("name", "%q must have 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'", p.Name)
	}
	if p.Mode != Shadow && p.Mode != AB && p.Mode != Interleave {
		mode = match.Invalidf("mode", "%q is not one of shadow, ab and interleave", string(p.Mode))
	}
	if !(p.Share > 0 && p.Share <= 1) || p.Mode == AB && p.Share == 1 {
		share = match.Invalidf("share", "must be above 0 and at most 1, and below 1 for ab")
	}
	where := CheckAlias(p.Where)
	if p.Where == Challenger {
		where = match.Invalidf("where", "challenger is nowhere in production")
	}
	return match.Faults(name, where, mode, share, checkWho(National, p.By, p.Reason))
}

// StartPilot begins a pilot under a name that no running one has, for an alias that has none:
// else an error of kind match.Conflict that names the running one.
func (r *Registry) StartPilot(ctx context.Context, p Pilot) (Pilot, error) {
	if err := p.validate(); err != nil {
		return p, err
	}
	if err := r.onlyPilot(ctx, p); err != nil {
		return p, err
	}
	v, err := r.Version(ctx, p.Challenger)
	if err != nil {
		return p, err
	}
	m, err := r.load(ctx, v.ID)
	if err == nil {
		err = m.CheckEmbedder(r.config.Embedder())
	}
	if err != nil {
		return p, err
	}
	p.Challenger, p.Started = v.ID, time.Now().UTC().Truncate(time.Microsecond)
	value, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	p.Seq, err = r.config.Store.ChangeSetting(ctx, store.SettingChange{
		Name: PilotSetting + p.Name, Value: string(value), Action: PilotBegun, By: p.By, Reason: p.Reason,
	})
	if match.KindOf(err) == match.Conflict {
		err = (&match.Error{Kind: match.Conflict, Record: "pilot " + p.Name}).Because("is running; end it first, or choose another name")
	}
	if err != nil {
		return p, err
	}
	return p, r.refresh(ctx, true)
}

// onlyPilot refuses a pilot that would see the requests of one that runs: of two, either
// would see those alone that the other one leaves.
func (r *Registry) onlyPilot(ctx context.Context, p Pilot) error {
	settings, _, err := r.config.Store.Settings(ctx)
	if err != nil {
		return err
	}
	for _, s := range settings {
		name, ok := strings.CutPrefix(s.Name, PilotSetting)
		if !ok || name == p.Name { // the same name is refused where it is written
			continue
		}
		if other, err := readPilot(name, s.Value, s.Seq); err == nil && other.Where == p.Where {
			return (&match.Error{Kind: match.Conflict, Record: "pilot " + p.Name}).Because("the pilot %s runs for %s already: end it first", name, p.Where)
		}
	}
	return nil
}

// EndPilot ends a pilot; what was seen in it is kept.
func (r *Registry) EndPilot(ctx context.Context, name, by, reason string) error {
	if err := checkWho(National, by, reason); err != nil {
		return err
	}
	if _, ok := r.Lineup().Pilot(name); !ok {
		return &match.Error{Kind: match.NotFound, Record: "pilot " + name, Reason: "there is no such pilot running"}
	}
	_, err := r.config.Store.ChangeSetting(ctx, store.SettingChange{Name: PilotSetting + name, Since: -1, Action: PilotEnded, By: by, Reason: reason})
	if err != nil {
		return err
	}
	return r.refresh(ctx, true)
}

// FormerPilot finds a pilot that has ended, as it was begun last.
func (r *Registry) FormerPilot(ctx context.Context, name string) (Pilot, error) {
	changes, err := r.config.Store.SettingHistory(ctx, PilotSetting+name, 0, maxHistory)
	if err != nil {
		return Pilot{}, err
	}
	for _, c := range changes {
		if c.Action == PilotBegun {
			return readPilot(name, c.Value, c.Seq)
		}
	}
	return Pilot{}, &match.Error{Kind: match.NotFound, Record: "pilot " + name, Reason: "there is no such pilot"}
}

func readPilot(name, value string, seq int64) (Pilot, error) {
	p := Pilot{Name: name, Seq: seq}
	if err := json.Unmarshal([]byte(value), &p); err != nil {
		return p, &match.Error{Kind: match.Corrupt, Record: "pilot " + name, Reason: "cannot be read", Err: err}
	}
	return p, nil
}
