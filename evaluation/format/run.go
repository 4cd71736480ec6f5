package format

import (
	"fmt"
	"io"

	"github.com/duijie/duijie/evaluation"
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
	if err := readTable(whole, 0, runLayout, t); err != nil {
		return nil, nil, err
	}
	run, err := t.run()
	return run, w, err
}

// run turns the table into a run, and refuses documents that occur twice.
func (t *table) run() (*evaluation.Run, error) {
	run := &evaluation.Run{Hits: make([][]evaluation.Hit, t.dataset.Queries())}
	seen, contradictions := make([]int32, t.dataset.Documents()), tally{}
	for q, entries := range t.byQuery {
		hits := make([]evaluation.Hit, len(entries))
		for i, e := range entries {
			if seen[e.document] == int32(q)+1 {
				return nil, t.duplicate(int32(q), entries, e)
			}
			seen[e.document] = int32(q) + 1
			hits[i] = evaluation.Hit{Document: e.document, Rank: e.rank, Score: e.value}
			if i > 0 && (hits[i-1].Rank-e.rank)*sign(hits[i-1].Score-e.value) > 0 {
				contradictions.at(int(e.line))
			}
		}
		run.Hits[q], t.byQuery[q] = hits, nil
	}
	t.warnings.add(RankContradict, t.file, contradictions.first+1, contradictions.count)
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

func (t *table) duplicate(q int32, entries []entry, again entry) error {
	first := again
	for _, e := range entries {
		if e.document == again.document {
			first = e
			break
		}
	}
	return &Error{t.file, int(again.line) + 1, fmt.Sprintf("query %q, document %q: the pair is on line %d already",
		t.dataset.Query(q).ID, t.dataset.Document(again.document).ID, first.line+1)}
}
