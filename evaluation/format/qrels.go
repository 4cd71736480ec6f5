package format

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/ident"
)

// ReadQrels adds the judgements of a qrels file to d: TREC's "qid 0 docid level",
// or BEIR's tab-separated "query-id corpus-id score" with a header. Which of them
// it is shows in the first line. d must not have judgements of the same pairs yet.
func ReadQrels(path string, d *evaluation.Dataset, o Options) (Warnings, error) {
	r, name, err := openFirst(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return ParseQrels(r, name, d, o)
}

// ParseQrels is ReadQrels for an open file, of which name is told in errors.
func ParseQrels(r io.Reader, name string, d *evaluation.Dataset, o Options) (Warnings, error) {
	var w Warnings
	line, rest, whole, err := firstLine(r, name, &w)
	if err != nil {
		return nil, err
	}
	t := &table{file: name, dataset: d, options: o, warnings: &w}
	switch fields := bytes.Fields(line); {
	case len(fields) == 4:
		err = t.read(trecQrelsLayout, whole, 0)
	case isHeader(fields):
		err = t.read(beirQrelsLayout, rest, 1)
	default:
		w.add(NoHeader, name, 1, 1)
		err = t.read(beirQrelsLayout, whole, 0)
	}
	if err != nil {
		return nil, err
	}
	err = t.judge()
	return w, err
}

// isHeader tells whether the third of three fields is no number.
func isHeader(fields [][]byte) bool {
	if len(fields) != 3 {
		return false
	}
	_, err := strconv.ParseFloat(string(fields[2]), 64)
	return err != nil
}

// judge adds the table's judgements to the dataset, each pair once.
func (t *table) judge() error {
	repeats := make([]tally, len(t.pieces))
	err := t.each(func() func(int32) error {
		seen := ident.NewBits(t.dataset.Documents())
		return func(q int32) error {
			rows := t.queryLevels(q)
			n := slices.IndexFunc(rows, func(j evaluation.Judgement) bool { return !seen.Add(j.Document) })
			repeated := n >= 0
			if !repeated {
				n = len(rows)
			}
			for _, j := range rows[:n] {
				seen.Drop(j.Document)
			}
			if repeated {
				var err error
				if rows, repeats[q], err = t.distinct(q, rows); err != nil {
					return err
				}
			}
			return t.dataset.JudgeAll(q, rows)
		}
	})
	if err != nil {
		return err
	}
	for q, n := range repeats {
		if n.count > 0 {
			t.warnings.add(RepeatedPair, t.file, t.line(int32(q), n.first), n.count)
		}
	}
	return nil
}

// distinct is the judgements of rows with repeated pairs, each once, and a tally of the
// rows that repeat one.
func (t *table) distinct(q int32, rows []evaluation.Judgement) (list []evaluation.Judgement, repeats tally, err error) {
	var seen ident.Set
	seen.Reset(len(rows))
	for i, r := range rows {
		first, added := seen.Add(r.Document)
		switch {
		case !added && list[first].Level != r.Level:
			return nil, tally{}, t.contradiction(q, i, rows)
		case !added:
			repeats.at(i)
		default:
			list = append(list, r)
		}
	}
	return list, repeats, nil
}

// contradiction is the error of a row whose pair has another level before.
func (t *table) contradiction(q int32, again int, rows []evaluation.Judgement) error {
	row := rows[again]
	first := slices.IndexFunc(rows, func(r evaluation.Judgement) bool { return r.Document == row.Document })
	return &Error{t.file, t.line(q, again), fmt.Sprintf("query %q, document %q: level %d, but %d on line %d",
		t.dataset.Query(q).ID, t.dataset.Document(row.Document).ID, row.Level, rows[first].Level, t.line(q, first))}
}

// ReadTREC makes a dataset of a qrels file alone: its queries and documents are
// those that it names.
func ReadTREC(path string, o Options) (*evaluation.Dataset, Warnings, error) {
	if err := o.scale().Validate(); err != nil {
		return nil, nil, err
	}
	d := evaluation.NewDataset(o.scale())
	o.Unknown = Add
	w, err := ReadQrels(path, d, o)
	if err != nil {
		return nil, nil, err
	}
	return d, w, nil
}
