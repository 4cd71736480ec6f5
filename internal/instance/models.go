package instance

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// Models says which model of a data folder answers, and which is to follow it.
type Models struct {
	// Live is the identity of the model whose vectors answer; "" in a new folder.
	Live string `json:"live"`
	// Previous was live before; its vectors are kept until they are dropped.
	Previous string `json:"previous,omitempty"`
	// RolledBack was turned away from by a rollback. It is not built again before
	// that is asked for, whatever the settings want.
	RolledBack string `json:"rolled_back,omitempty"`
	// Next is being built, or brought up to date; "" is none. Done and Total are sums
	// of sequence numbers.
	Next  string `json:"next,omitempty"`
	Done  int64  `json:"done,omitempty"`
	Total int64  `json:"total,omitempty"`
	// Rate is the writes a second that Next has followed lately; 0 is not known yet.
	Rate float64 `json:"writes_per_second,omitempty"`
	// End is when Next will be complete at that rate; nil is not known.
	End *time.Time `json:"estimated_end,omitempty"`
	// Waiting counts the records whose embedder is down, Refused those that it refuses.
	Waiting int    `json:"waiting,omitempty"`
	Refused int    `json:"refused,omitempty"`
	Problem string `json:"problem,omitempty"`
	// Known says how the models that are named here are opened.
	Known map[string]Way `json:"models,omitempty"`
}

// kept are the models whose vectors are not old.
func (m Models) kept() []string {
	return slices.DeleteFunc([]string{m.Live, m.Previous, m.Next}, func(id string) bool { return id == "" })
}

// Pace is how fast the next model is built. It may be changed while that goes on.
type Pace struct {
	// Paused makes no vectors, and puts no model in the place of another.
	Paused bool `json:"paused"`
	// Texts is the number of texts a second; 0 is as many as there can be. A record
	// has two or three.
	Texts float64 `json:"texts_per_second"`
}

const (
	modelsFile = "models.json"
	paceFile   = "reembed.json"
)

// ReadModels reads what the folder says; the zero value where it says nothing.
func ReadModels(data string) (m Models, err error) { return m, readFile(data, modelsFile, &m) }

// ReadPace reads the pace that was set; the zero value where none was.
func ReadPace(data string) (p Pace, err error) { return p, readFile(data, paceFile, &p) }

// WritePace sets the pace, also for a program that has the folder open.
// A negative number of texts is an error of kind match.Invalid.
func WritePace(data string, p Pace) error {
	if !(p.Texts >= 0) || math.IsInf(p.Texts, 0) {
		return match.Invalidf("texts_per_second", "%g is not a number from 0 on", p.Texts)
	}
	return writeFile(data, paceFile, p)
}

func readFile(data, name string, to any) error {
	path := filepath.Join(data, name)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be read", Err: err}
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return &match.Error{Kind: match.Corrupt, Record: path, Reason: "is no JSON; delete it, and the model is found by its vectors", Err: err}
	}
	return nil
}

// writeFile puts a whole file in the place of the old one, and waits for the disk.
func writeFile(data, name string, v any) (err error) {
	path := filepath.Join(data, name)
	defer func() {
		if err != nil {
			err = &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be written", Err: err}
		}
	}()
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(data, name+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after the rename there is none
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
