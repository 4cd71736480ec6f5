package registry

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/drift"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/store"
)

// Lineup is what is in production at a number of changes.
type Lineup struct {
	// Seq is the number of the newest change in it, Embedder the one that the versions
	// were checked against.
	Seq      int64
	Embedder string
	// Aliases have the id of a version; champion is not among them.
	Aliases map[string]string
	// Pilots are those that run, in the order of their names.
	Pilots []Pilot
	// Unusable says why versions that have an alias cannot be used.
	Unusable map[string]error

	rankers    map[string]rank.Ranker // by id
	references map[string]*drift.Reference
	builtin    func() rank.Ranker
}

// Names of aliases.
const (
	National   = "national"
	Champion   = "champion"
	Challenger = "challenger"
	SectorOf   = "sector/"
	RegionOf   = "region/"
	TenantOf   = "tenant/"

	aliasSetting = "alias/"
	// PilotSetting begins the names of settings that are pilots.
	PilotSetting = "pilot/"
)

var aliasForm = regexp.MustCompile(`^(national|challenger|region/\d{2}|(sector|tenant)/[^\s/]{1,128})$`)

// CheckAlias refuses names that are none, with an error of kind match.Invalid.
func CheckAlias(alias string) error {
	if alias == Champion {
		return match.Invalidf("alias", "champion is whatever national is: change that")
	}
	if !aliasForm.MatchString(alias) {
		return match.Invalidf("alias", "%q is not one of national, challenger, sector/CODE, region/NN (or a province) and tenant/NAME", alias)
	}
	return nil
}

// lineupOf reads and checks every version that a setting names.
func (r *Registry) lineupOf(ctx context.Context, settings []store.Setting, seq int64) *Lineup {
	l := &Lineup{
		Seq: seq, Embedder: r.config.Embedder().Identity(), builtin: r.config.Builtin,
		Aliases: map[string]string{}, Unusable: map[string]error{}, rankers: map[string]rank.Ranker{}, references: map[string]*drift.Reference{},
	}
	for _, s := range settings {
		if name, ok := strings.CutPrefix(s.Name, PilotSetting); ok {
			p, err := readPilot(name, s.Value, s.Seq)
			if err != nil {
				r.config.Log.Error("a pilot cannot be read", "error", err)
				continue
			}
			l.Pilots = append(l.Pilots, p)
			r.addTo(ctx, l, p.Challenger, s.Name)
		}
		if alias, ok := strings.CutPrefix(s.Name, aliasSetting); ok {
			l.Aliases[alias] = s.Value
			r.addTo(ctx, l, s.Value, s.Name)
		}
	}
	r.loaded.keep(l.rankers)
	return l
}

// addTo reads and checks a version for a lineup.
func (r *Registry) addTo(ctx context.Context, l *Lineup, id, setting string) {
	if l.rankers[id] != nil || l.Unusable[id] != nil {
		return
	}
	m, err := r.load(ctx, id)
	if err == nil {
		err = m.CheckEmbedder(r.config.Embedder())
	}
	if err != nil {
		l.Unusable[id] = err
		r.config.Log.Error("a model cannot be used", "setting", setting, "model", id, "error", err)
		return
	}
	l.rankers[id] = m
	if v, err := r.Version(ctx, id); err == nil { // without it, drift alone is not told
		l.references[id] = v.Reference
	}
}

// Reference is what scores of a version looked like on its training data; nil is not
// known.
func (l *Lineup) Reference(id string) *drift.Reference { return l.references[id] }

// Pilot finds one that runs.
func (l *Lineup) Pilot(name string) (Pilot, bool) {
	for _, p := range l.Pilots {
		if p.Name == name {
			return p, true
		}
	}
	return Pilot{}, false
}

// Ranker is what an alias stands for: its version, or nil where it has none that can be
// used. National and champion have the built-in one then. The error tells why a version
// that is there cannot be used.
func (l *Lineup) Ranker(alias string) (rank.Ranker, error) {
	if alias == Champion {
		alias = National
	}
	id := l.Aliases[alias]
	if ranker := l.rankers[id]; ranker != nil {
		return ranker, nil
	}
	if alias == National {
		return l.builtin(), l.Unusable[id]
	}
	return nil, l.Unusable[id]
}

// ByID is a version that some alias stands for, or the built-in one; nil for others.
func (l *Lineup) ByID(id string) rank.Ranker {
	if own := l.builtin(); id == own.Identity() {
		return own
	}
	return l.rankers[id]
}

// AliasesOf lists the aliases that stand for a version, in order.
func (l *Lineup) AliasesOf(id string) (out []string) {
	for _, alias := range slices.Sorted(maps.Keys(l.Aliases)) {
		if l.Aliases[alias] == id {
			out = append(out, alias)
		}
	}
	if national, _ := l.Ranker(National); national.Identity() == id {
		out = append(out, Champion)
		if l.Aliases[National] == "" {
			out = append(out, National)
		}
		slices.Sort(out)
	}
	return out
}

// Builtin is the ranker that answers where no version does.
func (l *Lineup) Builtin() rank.Ranker { return l.builtin() }

// Has tells whether a version of that id is in production.
func (l *Lineup) Has(id string) bool { return l.rankers[id] != nil }
