package registry

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"hash/fnv"
	"io"
	"slices"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Dataset is frozen labelled pairs.
type Dataset struct {
	Name   string
	At     time.Time
	SHA256 [32]byte
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
	// Share is the part of the demands that is taken, by a hash of their ids and Seed: a
	// half and the other half are for measuring and for learning. 0 is all.
	Share float64
	Seed  uint64
}

// Freeze keeps experts' labels of now under a name, with the revisions that were judged
// (the newest ones where that is not known). Labels of records that are not stored, or
// derived ones, are left out.
func (r *Registry) Freeze(ctx context.Context, f Freezing) (Dataset, error) {
	if err := checkFreezing(f); err != nil {
		return Dataset{}, err
	}
	pairs, info, err := r.pairs(ctx, f)
	if err != nil {
		return Dataset{}, err
	}
	if len(pairs) == 0 {
		return Dataset{}, match.Invalidf("labels", "there are no experts' labels of stored records to freeze")
	}
	body, err := encodePairs(pairs)
	if err != nil {
		return Dataset{}, err
	}
	text, err := json.Marshal(info)
	if err != nil {
		return Dataset{}, err
	}
	if err := r.config.Store.PutDataset(ctx, store.Dataset{Name: f.Name, Info: text}, body); err != nil {
		return Dataset{}, err
	}
	all, err := r.Datasets(ctx)
	if err != nil {
		return Dataset{}, err
	}
	return all[slices.IndexFunc(all, func(d Dataset) bool { return d.Name == f.Name })], nil
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

// taken tells whether a demand is in the part that is taken.
func (f Freezing) taken(demand string) bool {
	if f.Share == 0 {
		return true
	}
	h := fnv.New64a()
	for i := range 8 {
		h.Write([]byte{byte(f.Seed >> (8 * i))})
	}
	h.Write([]byte(demand))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd // FNV alone leaves like ids side by side
	x ^= x >> 33
	return float64(x>>11)/(1<<53) < f.Share
}

// pairs gathers what is to be frozen, in the order of demand and patent.
func (r *Registry) pairs(ctx context.Context, f Freezing) ([]frozenPair, DatasetInfo, error) {
	info := DatasetInfo{Tenant: f.Tenant, Sectors: map[string]int{}, By: f.By, Note: f.Note}
	labels, err := expertLabels(ctx, r.config.Store, f.Tenant)
	if err != nil {
		return nil, info, err
	}
	labels = slices.DeleteFunc(labels, func(l match.Label) bool { return !f.taken(l.Demand) })
	records, err := recordsOf(ctx, r.config.Store, f.Tenant, labels)
	if err != nil {
		return nil, info, err
	}
	var out []frozenPair
	demands, patents := map[string]bool{}, map[string]bool{}
	for from := 0; from < len(labels); {
		to := from
		for to < len(labels) && labels[to].Demand == labels[from].Demand && labels[to].Patent == labels[from].Patent {
			to++
		}
		l := median(labels[from:to])
		from = to
		demand, patent := records[ref(f.Tenant, match.DemandKind, l.Demand)], records[ref(f.Tenant, match.PatentKind, l.Patent)]
		if demand == nil || patent == nil {
			continue
		}
		out = append(out, frozenPair{l.Demand, cmp.Or(l.DemandRevision, demand.Revision), l.Patent, cmp.Or(l.PatentRevision, patent.Revision), l.Level})
		if !demands[l.Demand] {
			demands[l.Demand] = true
			info.Sectors[demand.Sector()]++
		}
		patents[l.Patent] = true
	}
	info.Pairs, info.Demands, info.Patents = len(out), len(demands), len(patents)
	return out, info, nil
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

// Datasets lists the frozen ones, in the order of their names.
func (r *Registry) Datasets(ctx context.Context) ([]Dataset, error) {
	kept, err := r.config.Store.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Dataset, len(kept))
	for i, d := range kept {
		out[i] = Dataset{Name: d.Name, At: d.At, SHA256: d.SHA256}
		if err := json.Unmarshal(d.Info, &out[i].DatasetInfo); err != nil {
			return nil, &match.Error{Kind: match.Corrupt, Record: "dataset " + d.Name, Reason: "what is kept of it cannot be read", Err: err}
		}
	}
	return out, nil
}

// Frozen tells which pairs of a tenant are in any frozen dataset, by demand and patent.
// What measures must not be learned from.
func (r *Registry) Frozen(ctx context.Context, tenant string) (map[[2]string]bool, error) {
	all, err := r.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	out := map[[2]string]bool{}
	for _, d := range all {
		if d.Tenant != tenant {
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
