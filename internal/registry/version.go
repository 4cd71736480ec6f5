package registry

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/drift"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/tune"
)

// Version is a model that is kept.
type Version struct {
	ID     string
	At     time.Time
	Size   int64
	SHA256 string // of the file, in hexadecimal
	Info
}

// Info is what is known of a version besides its file.
type Info struct {
	Title    string             `json:"title,omitempty"`
	Schema   int                `json:"schema"` // of the file
	Embedder string             `json:"embedder"`
	Parent   string             `json:"parent,omitempty"` // the version that it is to follow; empty for none
	DataHash string             `json:"data_hash"`
	Seed     uint64             `json:"seed"`
	Metrics  map[string]float64 `json:"metrics,omitempty"`
	Sectors  []string           `json:"sectors,omitempty"` // that it was made for; empty is all
	Demands  int                `json:"demands"`
	Labels   int                `json:"labels"`
	By       string             `json:"by,omitempty"` // who added it
	Note     string             `json:"note,omitempty"`
	// Card is the model's card, as the file has it.
	Card json.RawMessage `json:"card,omitempty"`
	// Reference is what scores looked like on the training data; nil is not known.
	Reference *drift.Reference `json:"reference,omitempty"`
}

// Addition says what is to be known of a version besides what its file tells.
type Addition struct {
	Title, Parent, By, Note string
	Sectors                 []string
	Reference               *drift.Reference
}

// Add reads a model's file and keeps it. A file that is no model, or is damaged, or was
// made for another embedder than the one in use is refused with an error that says so.
// The same file again changes nothing.
func (r *Registry) Add(ctx context.Context, file []byte, with Addition) (Version, error) {
	m, err := tune.Decode(file)
	if err != nil {
		return Version{}, refusedFile(err)
	}
	if err := m.CheckEmbedder(r.config.Embedder()); err != nil {
		return Version{}, err
	}
	if with.Parent != "" {
		if _, err := r.Version(ctx, with.Parent); err != nil {
			return Version{}, err
		}
	}
	info, err := json.Marshal(infoOf(m, with))
	if err != nil {
		return Version{}, err
	}
	if err := r.config.Store.PutModel(ctx, store.ModelVersion{ID: m.Identity(), Info: info}, file); err != nil {
		return Version{}, err
	}
	return r.Version(ctx, m.Identity())
}

// refusedFile makes a fault of the caller of one of stored data.
func refusedFile(err error) error {
	return &match.Error{Kind: match.Invalid, Field: "file", Reason: "is refused", Err: err}
}

func infoOf(m *tune.Model, with Addition) Info {
	c := m.Card
	card, _ := json.Marshal(c) // it was read from JSON
	out := Info{
		Title: with.Title, Schema: c.Schema, Embedder: c.Embedder, Parent: with.Parent, DataHash: c.DataHash, Seed: c.Seed,
		Sectors: slices.Sorted(slices.Values(with.Sectors)), Demands: c.Demands, Labels: c.Labels,
		By: with.By, Note: with.Note, Card: card, Reference: with.Reference, Metrics: map[string]float64{},
	}
	if out.Title == "" {
		out.Title = c.Name
	}
	if c.Report != nil {
		for name, of := range map[string]*tune.Measured{"known_demands": c.Report.Seen, "unseen_demands": c.Report.Unseen} {
			if of != nil {
				out.Metrics[name+".ndcg@10"], out.Metrics[name+".gain"], out.Metrics[name+".official"] = of.NDCG, of.Gain, of.Official
			}
		}
	}
	return out
}

// Versions lists what is kept, in the order of the ids.
func (r *Registry) Versions(ctx context.Context) ([]Version, error) {
	kept, err := r.config.Store.Models(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(kept))
	for i, m := range kept {
		out[i] = Version{ID: m.ID, At: m.At, Size: m.Size, SHA256: hex.EncodeToString(m.SHA256[:])}
		if err := json.Unmarshal(m.Info, &out[i].Info); err != nil {
			return nil, &match.Error{Kind: match.Corrupt, Record: "model " + m.ID, Reason: "what is kept of it cannot be read", Err: err}
		}
	}
	return out, nil
}

// Version finds one by its id or by the beginning of it that no other has.
func (r *Registry) Version(ctx context.Context, id string) (Version, error) {
	all, err := r.Versions(ctx)
	if err != nil {
		return Version{}, err
	}
	var found []Version
	for _, v := range all {
		if v.ID == id {
			return v, nil
		}
		if strings.HasPrefix(v.ID, id) && id != "" {
			found = append(found, v)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Version{}, &match.Error{Kind: match.NotFound, Record: "model " + id, Reason: "there is no such model"}
	}
	return Version{}, (&match.Error{Kind: match.Invalid, Record: "model " + id}).Because("stands for several: %s and %s", found[0].ID, found[1].ID)
}

// load reads a version's model from the store, unless it is at hand.
func (r *Registry) load(ctx context.Context, id string) (*tune.Model, error) {
	if m := r.loaded.get(id); m != nil {
		return m, nil
	}
	file, err := r.config.Store.ModelFile(ctx, id)
	if err != nil {
		return nil, err
	}
	m, err := tune.Decode(file)
	if err == nil && m.Identity() != id {
		err = &match.Error{Kind: match.Corrupt, Reason: fmt.Sprintf("the file is that of %s", m.Identity())}
	}
	if err != nil {
		return nil, match.About("model "+id, err)
	}
	r.loaded.put(id, m)
	return m, nil
}
