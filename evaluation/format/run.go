package format

import (
	"fmt"
	"io"
	"slices"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/ident"
)

// ReadRun reads a TREC run file: lines of "qid Q0 docid rank score tag".
func ReadRun(path string, d *evaluation.Dataset, o Options) (*evaluation.Run, Warnings, error) {
	r, err := Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	return ParseRun(r, path, d, o)
}

// ParseRun is ReadRun for an open file, of which name is told in errors. With the
// option Add, documents that d does not know are added to it, so that a run must
// not be parsed while d is in use.
func ParseRun(r io.Reader, name string, d *evaluation.Dataset, o Options) (*evaluation.Run, Warnings, error) {
	var w Warnings
	_, _, whole, err := firstLine(r, name, &w)
	if err != nil {
		return nil, nil, err
	}
	t := &table{file: name, dataset: d, options: o, warnings: &w}
	if err := t.read(runLayout, whole, 0); err != nil {
		return nil, nil, err
	}
	run, err := t.run()
	return run, w, err
}

// run turns the table into a run, and refuses documents that occur twice.
func (t *table) run() (*evaluation.Run, error) {
	run := evaluation.NewRun(t.dataset)
	contradictions := make([]tally, len(run.Hits))
	err := t.each(func() func(int32) error {
		seen := ident.NewBits(t.dataset.Documents())
		return func(q int32) error {
			hits := t.queryHits(q)
			n := slices.IndexFunc(hits, func(h evaluation.Hit) bool { return !seen.Add(h.Document) })
			again := n >= 0
			if !again {
				n = len(hits)
			}
			for i, h := range hits[:n] {
				seen.Drop(h.Document)
				if i > 0 && (hits[i-1].Rank-h.Rank)*sign(hits[i-1].Score-h.Score) > 0 {
					contradictions[q].at(i)
				}
			}
			if again {
				return t.duplicate(q, n, hits)
			}
			run.Hits[q] = hits
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	for q, n := range contradictions {
		if n.count > 0 {
			t.warnings.add(RankContradict, t.file, t.line(int32(q), n.first), n.count)
		}
	}
	return run, nil
}

func sign(x float64) int32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// duplicate is the error of a row whose pair is there before.
func (t *table) duplicate(q int32, again int, rows []evaluation.Hit) error {
	document := rows[again].Document
	first := slices.IndexFunc(rows, func(r evaluation.Hit) bool { return r.Document == document })
	return &Error{t.file, t.line(q, again), fmt.Sprintf("query %q, document %q: the pair is on line %d already",
		t.dataset.Query(q).ID, t.dataset.Document(document).ID, t.line(q, first))}
}
