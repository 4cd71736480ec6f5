package pilot

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/retrieve"
)

// Router chooses by what is in production. It is safe for concurrent use.
type Router struct {
	Registry *registry.Registry
	// Shadows takes what challengers are to score beside the path; nil takes nothing.
	Shadows *Shadows

	sectors atomic.Pointer[Sectors]
}

var _ retrieve.Router = (*Router)(nil)

// SetSectors gives the router a way to guess sectors; before, none is guessed.
func (r *Router) SetSectors(s *Sectors) { r.sectors.Store(s) }

// Sectors is how sectors are guessed; nil is not.
func (r *Router) Sectors() *Sectors { return r.sectors.Load() }

// place is an alias that could answer, and why it applies.
type place struct {
	alias      string
	why        match.LocalText
	confidence float64
}

func words(zh, en string, args ...any) match.LocalText {
	return match.LocalText{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// Route chooses; see retrieve.Router.
func (r *Router) Route(_ context.Context, q retrieve.Query) (retrieve.Route, error) {
	l := r.Registry.Lineup()
	if q.Model != "" {
		return asked(l, q)
	}
	places := r.places(q)
	out := retrieve.Route{Route: match.Route{Change: l.Seq}}
	for _, p := range places {
		ranker, err := usable(l, p.alias, q.Embedder)
		if err != nil && out.Degraded == "" {
			out.Degraded = fmt.Sprintf("ranker: the model of %s cannot be used: %v", p.alias, err)
		}
		if ranker != nil {
			out.Ranker, out.Alias, out.Why, out.Confidence = ranker, p.alias, p.why, p.confidence
			if !l.Has(ranker.Identity()) {
				out.Ranker = nil // the engine's own
			}
			break
		}
	}
	r.pilot(l, q, places, &out)
	return out, nil
}

// State is the number of the newest change of what is in production.
func (r *Router) State() string { return fmt.Sprintf("production %d", r.Registry.Lineup().Seq) }

// usable is the ranker of an alias, unless its vectors would be another model's: a
// lineup may be older than a change of the embedder.
func usable(l *registry.Lineup, alias, embedder string) (rank.Ranker, error) {
	ranker, err := l.Ranker(alias)
	if ranker == nil || l.Embedder == embedder || l.Aliases[alias] == "" {
		return ranker, err
	}
	err = (&match.Error{Kind: match.Conflict, Record: "model " + ranker.Identity()}).Because("was trained with another embedder than %s", embedder)
	if alias == registry.National {
		return l.Builtin(), err
	}
	return nil, err
}

// asked is the model that a request names.
func asked(l *registry.Lineup, q retrieve.Query) (retrieve.Route, error) {
	out := retrieve.Route{Route: match.Route{Change: l.Seq, Why: words("请求指定了模型", "the request asked for it")}}
	record := "model " + q.Model
	if out.Ranker = l.ByID(q.Model); out.Ranker == nil {
		alias := q.Model
		if alias != registry.Champion {
			if err := registry.CheckAlias(alias); err != nil {
				return out, &match.Error{Kind: match.NotFound, Record: record, Reason: "is not in production under any alias"}
			}
		}
		ranker, err := usable(l, alias, q.Embedder)
		if err != nil {
			return out, err
		}
		if ranker == nil {
			return out, &match.Error{Kind: match.NotFound, Record: record, Reason: "has no version in production"}
		}
		out.Ranker, out.Alias = ranker, alias
	}
	return out, nil
}

// places are the aliases that apply to a record, the first one that has a version counts.
func (r *Router) places(q retrieve.Query) []place {
	var out []place
	if q.Tenant != "" && q.Tenant != match.DefaultTenant {
		out = append(out, place{registry.TenantOf + q.Tenant, words("租户 %s 的请求", "a request of the tenant %s", q.Tenant), 0})
	}
	if p, ok := r.sector(q); ok {
		out = append(out, p)
	}
	if region := regionOf(q.Record); len(region) >= 2 {
		out = append(out, place{registry.RegionOf + region[:2], words("记录所在地区为 %s", "the record's region is %s", region[:2]), 0})
	}
	return append(out, place{registry.National, words("没有更合适的专门模型", "no other alias applies"), 0})
}

// regionOf is empty where the record keeps its region confidential: the alias that answers
// is told to both sides.
func regionOf(r *match.Record) string {
	if r.Patent != nil {
		return r.Patent.Region
	}
	return r.Demand.Redacted().Enterprise.Region
}

// sector is that of the record, or a guess.
func (r *Router) sector(q retrieve.Query) (place, bool) {
	if s := q.Record.Sector(); s != "" {
		return place{registry.SectorOf + s, words("记录的产业为 %s", "the record's sector is %s", s), 0}, true
	}
	sectors := r.sectors.Load()
	if sectors == nil {
		return place{}, false
	}
	if p := q.Record.Patent; p != nil {
		if s, share, ok := sectors.ByIPC(p.IPC); ok {
			return place{registry.SectorOf + s, words("IPC 分类多属产业 %s", "its IPC classes are mostly of the sector %s", s), share}, true
		}
	}
	s, confidence, ok := sectors.Guess(q.Vectors.Text, q.Embedder)
	if !ok {
		return place{}, false
	}
	return place{registry.SectorOf + s, words("内容最接近产业 %s（把握 %.2f）", "its text is nearest to the sector %s (confidence %.2f)", s, confidence), confidence}, true
}

// pilot lets the first pilot that applies have its word: one of the alias that answers, or
// of a nearer one that has no version. Others compare with a model that does not answer.
func (r *Router) pilot(l *registry.Lineup, q retrieve.Query, places []place, out *retrieve.Route) {
	for _, p := range places {
		for _, pilot := range l.Pilots {
			challenger := l.ByID(pilot.Challenger)
			if pilot.Where != p.alias || challenger == nil || l.Embedder != q.Embedder {
				continue
			}
			r.take(pilot, challenger, q, out)
			return
		}
		if p.alias == out.Alias {
			return
		}
	}
}

// take has a request take part in a pilot.
func (r *Router) take(pilot registry.Pilot, challenger rank.Ranker, q retrieve.Query, out *retrieve.Route) {
	party, known := partyOf(q)
	salt := fmt.Sprintf("%s/%d", pilot.Name, pilot.Seq)
	switch pilot.Mode {
	case registry.AB:
		if !known { // nobody who would see one model: what is live answers, uncounted
			return
		}
		out.Pilot, out.Party, out.Arm = pilot.Name, party, match.ChampionArm
		if share(salt, party) < pilot.Share {
			out.Arm, out.Ranker = match.ChallengerArm, challenger
			out.Why = words("试点 %s：该企业使用挑战模型", "pilot %s: this party has the challenger", pilot.Name)
		}
	case registry.Interleave:
		if q.Named || share(salt+"/taken", party) >= pilot.Share {
			return
		}
		out.Pilot, out.Party, out.Arm, out.Rival = pilot.Name, party, match.BothArms, challenger
		out.Seed = hash(salt, party, queryName(q)) // of the ranking, so that its pages join
	case registry.Shadow:
		if q.Named || r.Shadows == nil || share(salt, q.Request) >= pilot.Share {
			return
		}
		out.Pilot, out.Party = pilot.Name, party
		request := q.Request
		out.After = func(s retrieve.Second) { r.Shadows.take(observed{pilot.Name, request, challenger, s}) }
	}
}

// queryName tells a query from others, whatever the page.
func queryName(q retrieve.Query) string {
	if q.Record.ID != "" {
		return fmt.Sprintf("%s@%d", q.Record.Ref, q.Record.Revision)
	}
	return match.HashOfTexts(q.Record.Texts())
}

// partyOf names, by a hash, who is answered: whom the request names, else the enterprise
// of a demand or the first holder of a patent. Where nobody is known it is what was asked.
func partyOf(q retrieve.Query) (party string, known bool) {
	name := q.Party
	switch {
	case name != "":
	case q.Record.Demand != nil:
		name = q.Record.Demand.Enterprise.Name
	case len(q.Record.Patent.Applicants) > 0:
		name = q.Record.Patent.Applicants[0].Name
	}
	if name = strings.TrimSpace(name); name == "" {
		name = queryName(q)
	} else {
		known = true
	}
	sum := sha256.Sum256([]byte(q.Tenant + "\x00" + name))
	return hex.EncodeToString(sum[:8]), known
}

// share is where names lie between 0 and 1, evenly.
func share(names ...string) float64 { return float64(hash(names...)>>11) / (1 << 53) }

func hash(names ...string) uint64 {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return binary.LittleEndian.Uint64(sum[:])
}
