// Package sample holds the catalog that is built into the program: patents and
// demands of invented holders and enterprises, with graded labels. The demo, the
// tests and the ranking goldens use it.
//
// Callers rely on this: every record passes Validate, every label names records of
// the sample, and the order is always the same.
package sample

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

//go:embed data
var files embed.FS

// parts are the hands that wrote the sample, each a few sectors.
var parts = []string{"a", "b", "c", "d"}

// Catalog is the sample.
type Catalog struct {
	Patents []match.Patent
	Demands []match.Demand
	Labels  []match.Label
}

// Load reads the sample. An error is a bug of the build.
func Load() (*Catalog, error) {
	var c Catalog
	for _, part := range parts {
		if err := readLines("data/patents-"+part+".jsonl", &c.Patents); err != nil {
			return nil, err
		}
		if err := readLines("data/demands-"+part+".jsonl", &c.Demands); err != nil {
			return nil, err
		}
		if err := readLabels("data/labels-"+part+".tsv", &c.Labels); err != nil {
			return nil, err
		}
	}
	return &c, nil
}

func readLines[T any](name string, out *[]T) error {
	raw, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	for n := 1; dec.More(); n++ {
		var v T
		if err := dec.Decode(&v); err != nil {
			return fmt.Errorf("%s, record %d: %w", name, n, err)
		}
		*out = append(*out, v)
	}
	return nil
}

func readLabels(name string, out *[]match.Label) error {
	raw, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for n := 1; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if n == 1 {
			continue
		}
		if len(cells) != 4 {
			return fmt.Errorf("%s, line %d: %d cells, want 4", name, n, len(cells))
		}
		level, err := strconv.ParseUint(cells[2], 10, 8)
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		*out = append(*out, match.Label{
			Tenant: match.DefaultTenant, Demand: cells[0], Patent: cells[1], Level: match.Level(level),
			Reason: cells[3], Rater: "sample", Source: match.ExpertSource,
		})
	}
	return lines.Err()
}

// Records gives the patents and then the demands, as a store takes them.
func (c *Catalog) Records() []match.Record {
	out := make([]match.Record, 0, len(c.Patents)+len(c.Demands))
	for _, p := range c.Patents {
		out = append(out, match.NewPatent(match.DefaultTenant, p))
	}
	for _, d := range c.Demands {
		out = append(out, match.NewDemand(match.DefaultTenant, d))
	}
	return out
}
