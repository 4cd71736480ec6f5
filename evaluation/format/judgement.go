package format

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"

	"github.com/duijie/duijie/evaluation"
)

// ReadLabels reads labelled pairs with their raters: CSV, see [ParseCSV], or JSONL,
// see [ParseExport]. Which of them it is shows in the first line.
func ReadLabels(path string, scale evaluation.Scale) ([]Label, Warnings, error) {
	r, name, err := openFirst(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	in := bufio.NewReaderSize(r, 1<<16)
	if formOf(in) == jsonLines {
		return ParseExport(in, name, scale)
	}
	return ParseCSV(in, name, scale)
}

// ReadJudgements adds the judgements of a file to d, whatever its form: TREC or BEIR
// qrels, see [ReadQrels], or labelled pairs, see [ReadLabels] and [Judge]. Labels whose
// source is told to be a model or events are left out, with a warning.
func ReadJudgements(path string, d *evaluation.Dataset, o Options) (Warnings, error) {
	r, name, err := openFirst(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return ParseJudgements(r, name, d, o)
}

// ParseJudgements is ReadJudgements for an open file, of which name is told in errors.
func ParseJudgements(r io.Reader, name string, d *evaluation.Dataset, o Options) (Warnings, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var labels []Label
	var w, more Warnings
	var err error
	switch formOf(in) {
	case qrelsLines:
		return ParseQrels(in, name, d, o)
	case jsonLines:
		labels, w, err = ParseExport(in, name, d.Scale())
	default:
		labels, w, err = ParseCSV(in, name, d.Scale())
	}
	if err != nil {
		return nil, err
	}
	experts, first := labels[:0:0], 0
	for _, l := range labels {
		if !l.derived() {
			experts = append(experts, l)
		} else if first == 0 {
			first = l.Line
		}
	}
	if n := len(labels) - len(experts); n > 0 {
		w = append(w, Warning{Kind: DerivedLabel, File: name, Line: first, Count: n})
		if len(experts) == 0 {
			return nil, &Error{name, 0, "all labels are of a model or of events, and none of an expert"}
		}
	}
	if more, err = Judge(d, experts, name, o); err != nil {
		return nil, err
	}
	return append(w, more...), nil
}

// ReadPairs makes a dataset of judgements alone, as [ReadJudgements] reads them: its
// queries and documents are those that they name, without texts.
func ReadPairs(path string, o Options) (*evaluation.Dataset, Warnings, error) {
	if err := o.scale().Validate(); err != nil {
		return nil, nil, err
	}
	d := evaluation.NewDataset(o.scale())
	o.Unknown = Add
	w, err := ReadJudgements(path, d, o)
	if err != nil {
		return nil, nil, err
	}
	return d, w, nil
}

// form is how judgements lie in a file.
type form int

const (
	qrelsLines form = iota
	tableLines      // CSV with a header
	jsonLines
)

// formOf looks at the first line, which stays to be read.
func formOf(r *bufio.Reader) form {
	head, _ := r.Peek(r.Size())
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), " \t\r\n")
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if bytes.HasPrefix(line, []byte("{")) {
		return jsonLines
	}
	if isHeader(bytes.Fields(line)) && bytes.Count(line, []byte("\t")) == 2 {
		return qrelsLines // of BEIR
	}
	table := csv.NewReader(bytes.NewReader(line))
	table.Comma = separator(string(line))
	if fields, err := table.Read(); err == nil && len(headerColumns(fields)) > 0 {
		return tableLines
	}
	if bytes.ContainsAny(line, ",;") {
		return tableLines // whose header is told to lack something
	}
	return qrelsLines
}

// Latest leaves one label of each rater and pair: the latest, the last of the file
// where times are equal. It stands where the first of them stood.
func Latest(labels []Label) []Label {
	type key struct{ query, document, rater string }
	at := map[key]int{}
	var out []Label
	for _, l := range labels {
		k := key{l.Query, l.Document, l.Rater}
		i, known := at[k]
		switch {
		case !known:
			at[k] = len(out)
			out = append(out, l)
		case !l.Time.Before(out[i].Time):
			out[i] = l
		}
	}
	return out
}
