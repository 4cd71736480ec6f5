package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/internal/match"
)

// usualSlices are those that are looked at where the dataset has them and nobody
// says otherwise.
var usualSlices = []string{"sector", "region", "industry", "enterprise_kind", "ipc", "length", "labels"}

// slices are those that were asked for, or the usual ones, and those of the gate. One
// that the dataset does not have is said, and ends the program as a wrong flag does.
func (c *evaluateCmd) slices(d *evaluation.Dataset, rules *gate.Rules) ([]evaluation.Slice, error) {
	queries, documents := d.Attributes()
	has := func(name string) bool {
		return name == "length" || name == "labels" || slices.Contains(queries, name) || slices.Contains(documents, name)
	}
	names := c.Slice
	if len(names) == 0 {
		names = slices.DeleteFunc(slices.Clone(usualSlices), func(name string) bool { return !has(name) })
	}
	if rules != nil {
		for _, r := range rules.NonInferior {
			if r.Attribute != "all" {
				names = append(names, r.Attribute)
			}
		}
	}
	var out []evaluation.Slice
	seen := map[string]bool{}
	for _, name := range names {
		switch {
		case seen[name]:
			continue
		case name == "length":
			out = append(out, evaluation.ByLength(d))
		case name == "labels":
			out = append(out, evaluation.ByLabels(d))
		case slices.Contains(queries, name):
			out = append(out, evaluation.ByAttribute(d, name))
		case slices.Contains(documents, name):
			out = append(out, evaluation.ByDocuments(d, name, c.Relevant))
		default:
			all := slices.Compact(slices.Sorted(slices.Values(slices.Concat(queries, documents, []string{"labels", "length"}))))
			err := match.Invalidf("--slice", "%q is no attribute of the dataset; there are %s", name, strings.Join(all, ", "))
			fmt.Fprintln(os.Stderr, "duijie:", c.pick(match.Localised(err)))
			return nil, exitError{exitUsage}
		}
		seen[name] = true
	}
	return out, nil
}
