package registry

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/split"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Dataset is frozen labelled pairs.
type Dataset struct {
	Name   string
	At     time.Time
	SHA256 [32]byte
	// Retired is set where nothing is measured by it any more.
	Retired bool
	DatasetInfo
}

// DatasetInfo is what is known of a dataset besides its pairs.
type DatasetInfo struct {
	Tenant  string         `json:"tenant"`
	Pairs   int            `json:"pairs"`
	Demands int            `json:"demands"`
	Patents int            `json:"patents"`
	Sectors map[string]int `json:"sectors"` // demands by sector
	By      string         `json:"by"`
	Note    string         `json:"note,omitempty"`
}

// frozenPair is a pair of revisions with its level: the median of those that experts gave
// it, of two in the middle the lower.
type frozenPair struct {
	Demand         string      `json:"d"`
	DemandRevision int64       `json:"dr"`
	Patent         string      `json:"p"`
	PatentRevision int64       `json:"pr"`
	Level          match.Level `json:"l"`
}

// Freezing says which labels to freeze.
type Freezing struct {
	Name, Tenant, By, Note string
	// Share is the part of the demands that is taken, by a hash of their ids and Seed, near
	// twins together: the rest is for learning. 0 is DefaultShare, 1 is all.
	Share float64
	Seed  uint64
}

// DefaultShare is how many of the demands are frozen where nobody says how many.
const DefaultShare = 0.2

// Left is what datasets leave to learn from: pairs of stored records that are in none.
type Left struct{ Pairs, Demands int }

// Freeze keeps experts' labels of now under a name, with the revisions that were judged
// (the newest ones where that is not known), and tells what is left to learn from. Labels of
// records that are not stored, or derived ones, are left out. A draw that takes all demands
// though not all were asked for is refused.
func (r *Registry) Freeze(ctx context.Context, f Freezing) (Dataset, Left, error) {
	if err := checkFreezing(f); err != nil {
		return Dataset{}, Left{}, err
	}
	f.Share = cmp.Or(f.Share, DefaultShare)
	all, err := r.Datasets(ctx)
	if err != nil {
		return Dataset{}, Left{}, err
	}
	if slices.ContainsFunc(all, func(d Dataset) bool { return d.Name == f.Name }) {
		return Dataset{}, Left{}, &match.Error{Kind: match.Conflict, Record: "dataset " + f.Name, Reason: "there is one of this name; frozen datasets are never changed"}
	}
	pairs, info, err := r.pairs(ctx, f)
	if err != nil {
		return Dataset{}, Left{}, err
	}
	body, err := encodePairs(pairs)
	if err != nil {
		return Dataset{}, Left{}, err
	}
	text, err := json.Marshal(info)
	if err != nil {
		return Dataset{}, Left{}, err
	}
	if err := r.config.Store.PutDataset(ctx, store.Dataset{Name: f.Name, Info: text}, body); err != nil {
		return Dataset{}, Left{}, err
	}
	d, err := r.Dataset(ctx, f.Name)
	if err != nil {
		return Dataset{}, Left{}, err
	}
	left, err := r.left(ctx, f.Tenant)
	return d, left, err
}

// left counts what can still be learned from.
func (r *Registry) left(ctx context.Context, tenant string) (out Left, err error) {
	l, err := r.labelled(ctx, tenant)
	if err != nil {
		return out, err
	}
	frozen, err := r.Frozen(ctx, tenant)
	if err != nil {
		return out, err
	}
	demands := map[string]bool{}
	for _, pair := range l.pairs() {
		if at := [2]string{pair[0].Demand, pair[0].Patent}; !frozen[at] {
			out.Pairs++
			demands[pair[0].Demand] = true
		}
	}
	out.Demands = len(demands)
	return out, nil
}

func checkFreezing(f Freezing) error {
	var name, who, share error
	if f.Name == "" || len(f.Name) > 128 {
		name = match.Invalidf("name", "must have 1 to %d bytes", 128)
	}
	if f.By == "" {
		who = match.Invalidf("by", "must say who freezes it")
	}
	if !(f.Share >= 0 && f.Share <= 1) {
		share = match.Invalidf("share", "must be from 0 to 1")
	}
	return match.Faults(name, who, share)
}

// labelled is experts' labels of stored records, in the order of demand and patent.
type labelled struct {
	tenant  string
	labels  []match.Label
	records map[match.Ref]*match.Record
}

func (r *Registry) labelled(ctx context.Context, tenant string) (*labelled, error) {
	labels, err := expertLabels(ctx, r.config.Store, tenant)
	if err != nil {
		return nil, err
	}
	records, err := recordsOf(ctx, r.config.Store, tenant, labels)
	if err != nil {
		return nil, err
	}
	l := &labelled{tenant: tenant, records: records}
	l.labels = slices.DeleteFunc(labels, func(label match.Label) bool { return l.demand(label) == nil || l.patent(label) == nil })
	return l, nil
}

func (l *labelled) demand(of match.Label) *match.Record {
	return l.records[ref(l.tenant, match.DemandKind, of.Demand)]
}

func (l *labelled) patent(of match.Label) *match.Record {
	return l.records[ref(l.tenant, match.PatentKind, of.Patent)]
}

// pairs are the labels of each pair.
func (l *labelled) pairs() (out [][]match.Label) {
	for from := 0; from < len(l.labels); {
		to := from
		for to < len(l.labels) && l.labels[to].Demand == l.labels[from].Demand && l.labels[to].Patent == l.labels[from].Patent {
			to++
		}
		out = append(out, l.labels[from:to])
		from = to
	}
	return out
}

// draw tells which demands are taken, near twins together, and how many there are.
func (r *Registry) draw(l *labelled, f Freezing) (taken map[string]bool, of int, err error) {
	d := evaluation.NewDataset(metric.Levels4)
	for i, label := range l.labels {
		if i > 0 && label.Demand == l.labels[i-1].Demand {
			continue
		}
		if _, err := d.AddQuery(r.queryOf(l.demand(label))); err != nil {
			return nil, 0, err
		}
	}
	return split.DrawIDs(d, f.Share, f.Seed), d.Queries(), nil
}

// pairs gathers what is to be frozen, in the order of demand and patent.
func (r *Registry) pairs(ctx context.Context, f Freezing) ([]frozenPair, DatasetInfo, error) {
	info := DatasetInfo{Tenant: f.Tenant, Sectors: map[string]int{}, By: f.By, Note: f.Note}
	l, err := r.labelled(ctx, f.Tenant)
	if err != nil {
		return nil, info, err
	}
	drawn, of, err := r.draw(l, f)
	if err != nil {
		return nil, info, err
	}
	var out []frozenPair
	demands, patents := map[string]bool{}, map[string]bool{}
	for _, pair := range l.pairs() {
		m := median(pair)
		if !drawn[m.Demand] {
			continue
		}
		demand, patent := l.demand(m), l.patent(m)
		out = append(out, frozenPair{m.Demand, cmp.Or(m.DemandRevision, demand.Revision), m.Patent, cmp.Or(m.PatentRevision, patent.Revision), m.Level})
		if !demands[m.Demand] {
			demands[m.Demand] = true
			info.Sectors[demand.Sector()]++
		}
		patents[m.Patent] = true
	}
	info.Pairs, info.Demands, info.Patents = len(out), len(demands), len(patents)
	return out, info, f.checkDraw(len(demands), of)
}

// checkDraw refuses a draw of nothing, and one that leaves nothing though all was not asked
// for.
func (f Freezing) checkDraw(taken, of int) error {
	switch {
	case of == 0:
		return match.Invalidf("labels", "there are no experts' labels of stored records to freeze")
	case taken == of && f.Share < 1:
		return match.Invalidf("share", "%g takes all of the %d demands with labels, and nothing would be left to learn from: choose a smaller share, or share 1 to freeze all", f.Share, of)
	}
	return nil
}

// median is the label in the middle by level, with the newest revisions that were judged.
func median(labels []match.Label) match.Label {
	sorted := slices.SortedFunc(slices.Values(labels), func(a, b match.Label) int { return cmp.Compare(a.Level, b.Level) })
	out := sorted[(len(sorted)-1)/2]
	for _, l := range labels {
		out.DemandRevision, out.PatentRevision = max(out.DemandRevision, l.DemandRevision), max(out.PatentRevision, l.PatentRevision)
	}
	return out
}

func ref(tenant string, kind match.Kind, id string) match.Ref {
	return match.Ref{Tenant: tenant, Kind: kind, ID: id}
}

// labelPage and recordPage are how many are asked for at once.
const (
	labelPage  = 1000
	recordPage = 500
)

// expertLabels are those of persons, in the order of demand and patent.
func expertLabels(ctx context.Context, s store.Labels, tenant string) (out []match.Label, err error) {
	q := store.LabelQuery{Tenant: tenant, Source: match.ExpertSource, Limit: labelPage}
	for {
		page, err := s.ListLabels(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
		if len(page) < labelPage {
			return out, nil
		}
		q.After = &page[len(page)-1]
	}
}

// recordsOf are the newest revisions of what labels name.
func recordsOf(ctx context.Context, s store.Records, tenant string, labels []match.Label) (map[match.Ref]*match.Record, error) {
	out := map[match.Ref]*match.Record{}
	var refs []match.Ref
	for _, l := range labels {
		for _, r := range []match.Ref{ref(tenant, match.DemandKind, l.Demand), ref(tenant, match.PatentKind, l.Patent)} {
			if _, seen := out[r]; !seen {
				out[r] = nil
				refs = append(refs, r)
			}
		}
	}
	for page := range slices.Chunk(refs, recordPage) {
		found, err := s.Get(ctx, page)
		if err != nil {
			return nil, err
		}
		for i, r := range found {
			out[page[i]] = r
		}
	}
	return out, nil
}

// encodePairs gives one JSON object a line, with gzip.
func encodePairs(pairs []frozenPair) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	enc := json.NewEncoder(w)
	for _, p := range pairs {
		if err := enc.Encode(p); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

func decodePairs(body []byte) (out []frozenPair, err error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(r)
	for {
		var p frozenPair
		switch err := dec.Decode(&p); err {
		case nil:
			out = append(out, p)
		case io.EOF:
			return out, nil
		default:
			return nil, err
		}
	}
}

// Datasets lists the frozen ones, in the order of their names, retired ones too.
func (r *Registry) Datasets(ctx context.Context) ([]Dataset, error) {
	kept, err := r.config.Store.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	settings, _, err := r.config.Store.Settings(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Dataset, len(kept))
	for i, d := range kept {
		out[i] = Dataset{Name: d.Name, At: d.At, SHA256: d.SHA256}
		if err := json.Unmarshal(d.Info, &out[i].DatasetInfo); err != nil {
			return nil, &match.Error{Kind: match.Corrupt, Record: "dataset " + d.Name, Reason: "what is kept of it cannot be read", Err: err}
		}
		out[i].Retired = slices.ContainsFunc(settings, func(s store.Setting) bool { return s.Name == datasetSetting+d.Name })
	}
	return out, nil
}

// Dataset finds one by its name.
func (r *Registry) Dataset(ctx context.Context, name string) (Dataset, error) {
	all, err := r.Datasets(ctx)
	if err != nil {
		return Dataset{}, err
	}
	return named(all, name)
}

func named(all []Dataset, name string) (Dataset, error) {
	for _, d := range all {
		if d.Name == name {
			return d, nil
		}
	}
	return Dataset{}, &match.Error{Kind: match.NotFound, Record: "dataset " + name, Reason: "there is no such dataset"}
}

// Retire takes a dataset out of use: nothing is measured by it any more, and its pairs are
// learned from again. What is in it stays as it is, and the history tells of it.
func (r *Registry) Retire(ctx context.Context, name, by, reason string) (Dataset, error) {
	if err := checkWho(National, by, reason); err != nil {
		return Dataset{}, err
	}
	d, err := r.Dataset(ctx, name)
	if err != nil {
		return d, err
	}
	if !d.Retired {
		_, err = r.config.Store.ChangeSetting(ctx, store.SettingChange{Name: datasetSetting + name, Value: retired, Action: Retired, By: by, Reason: reason})
	}
	if d.Retired || match.KindOf(err) == match.Conflict {
		return d, &match.Error{Kind: match.Conflict, Record: "dataset " + name, Reason: "is retired already"}
	}
	d.Retired = true
	return d, err
}

// datasetSetting begins the names of settings of datasets, retired is what they say, and
// Retired the action in the history.
const (
	datasetSetting = "dataset/"
	retired        = "retired"
	Retired        = "retire"
)

// Frozen tells which pairs of a tenant are in a frozen dataset that is in use, by demand and
// patent.
// What measures must not be learned from.
func (r *Registry) Frozen(ctx context.Context, tenant string) (map[[2]string]bool, error) {
	all, err := r.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	out := map[[2]string]bool{}
	for _, d := range all {
		if d.Tenant != tenant || d.Retired {
			continue
		}
		pairs, err := r.frozen(ctx, d.Name)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			out[[2]string{p.Demand, p.Patent}] = true
		}
	}
	return out, nil
}

// FrozenIn tells of a store without a registry what Registry.Frozen tells.
func FrozenIn(ctx context.Context, s store.Store, tenant string) (map[[2]string]bool, error) {
	return (&Registry{config: Config{Store: s}}).Frozen(ctx, tenant)
}

func (r *Registry) frozen(ctx context.Context, name string) ([]frozenPair, error) {
	body, err := r.config.Store.DatasetBody(ctx, name)
	if err != nil {
		return nil, err
	}
	pairs, err := decodePairs(body)
	if err != nil {
		return nil, &match.Error{Kind: match.Corrupt, Record: "dataset " + name, Reason: "cannot be read", Err: err}
	}
	return pairs, nil
}
