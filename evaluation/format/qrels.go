package format

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/duijie/duijie/evaluation"
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
		err = readTable(whole, 0, trecQrelsLayout, t)
	case isHeader(fields):
		err = readTable(rest, 1, beirQrelsLayout, t)
	default:
		w.add(NoHeader, name, 1, 1)
		err = readTable(whole, 0, beirQrelsLayout, t)
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
	seen := make([]int32, t.dataset.Documents()) // for each document 1 + the query
	at := make([]int32, t.dataset.Documents())   // and its place in the query's entries
	for q, entries := range t.byQuery {
		for i, e := range entries {
			if seen[e.document] != int32(q)+1 {
				seen[e.document], at[e.document] = int32(q)+1, int32(i)
				if err := t.dataset.Judge(int32(q), e.document, int(e.value)); err != nil {
					return err
				}
				continue
			}
			first := entries[at[e.document]]
			if first.value != e.value {
				return &Error{t.file, int(e.line) + 1, fmt.Sprintf("query %q, document %q: level %g, but %g on line %d",
					t.dataset.Query(int32(q)).ID, t.dataset.Document(e.document).ID, e.value, first.value, first.line+1)}
			}
			t.warnings.add(RepeatedPair, t.file, int(e.line)+1, 1)
		}
	}
	return nil
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
