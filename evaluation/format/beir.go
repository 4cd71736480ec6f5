package format

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/duijie/duijie/evaluation"
)

// ReadBEIR reads a BEIR folder: queries.jsonl, corpus.jsonl and qrels/SPLIT.tsv,
// each also as .gz. The dataset's name is the folder's and the split's.
func ReadBEIR(dir, split string, o Options) (*evaluation.Dataset, Warnings, error) {
	d, w, err := ReadTexts(dir, o)
	if err != nil {
		return nil, nil, err
	}
	d.Name += "/" + split
	more, err := ReadQrels(filepath.Join(dir, "qrels", split+".tsv"), d, o)
	if err != nil {
		return nil, nil, err
	}
	return d, append(w, more...), nil
}

// ReadTexts reads the queries and the corpus of a BEIR folder, to which judgements
// are yet to be added.
func ReadTexts(dir string, o Options) (*evaluation.Dataset, Warnings, error) {
	if err := o.scale().Validate(); err != nil {
		return nil, nil, err
	}
	d := evaluation.NewDataset(o.scale())
	d.Name = filepath.Base(filepath.Clean(dir))
	var w Warnings
	read := func(name string, parse func(io.Reader, string, *evaluation.Dataset) (Warnings, error)) error {
		r, file, err := openFirst(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		defer r.Close()
		more, err := parse(r, file, d)
		w = append(w, more...)
		return err
	}
	if err := read("queries.jsonl", ParseQueries); err != nil {
		return nil, nil, err
	}
	if err := read("corpus.jsonl", ParseCorpus); err != nil {
		return nil, nil, err
	}
	return d, w, nil
}

// beirRecord is a line of queries.jsonl or corpus.jsonl. What metadata has of texts,
// numbers and truth values becomes attributes.
type beirRecord struct {
	ID       string         `json:"_id"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Metadata map[string]any `json:"metadata"`
}

// attributes are the metadata that slices can be made of.
func (b beirRecord) attributes() map[string]string {
	var out map[string]string
	for key, value := range b.Metadata {
		switch value.(type) {
		case string, float64, bool:
			if out == nil {
				out = map[string]string{}
			}
			out[key] = fmt.Sprint(value)
		}
	}
	return out
}

// ParseQueries adds the lines of a queries.jsonl, of which name is told in errors.
// An attribute named time that is a day or a time of RFC 3339 is the query's time.
func ParseQueries(r io.Reader, name string, d *evaluation.Dataset) (Warnings, error) {
	return eachJSON(r, name, func(b beirRecord) error {
		q := evaluation.Query{ID: b.ID, Title: b.Title, Text: b.Text, Attributes: b.attributes()}
		if at, err := parseTime(q.Attributes["time"]); err == nil {
			q.Time = at
		}
		_, err := d.AddQuery(q)
		return err
	})
}

// ParseCorpus adds the lines of a corpus.jsonl, of which name is told in errors.
func ParseCorpus(r io.Reader, name string, d *evaluation.Dataset) (Warnings, error) {
	return eachJSON(r, name, func(b beirRecord) error {
		_, err := d.AddDocument(evaluation.Document{ID: b.ID, Title: b.Title, Text: b.Text, Attributes: b.attributes()})
		return err
	})
}

// eachJSON calls take with each line of a JSONL file.
func eachJSON[T any](r io.Reader, name string, take func(T) error) (Warnings, error) {
	var w Warnings
	_, _, whole, err := firstLine(r, name, &w)
	if err != nil {
		return nil, err
	}
	lines := lineReader{Reader: bufio.NewReaderSize(whole, 1<<16), file: name, warnings: &w}
	n := 0
	for {
		line, err := lines.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		var item T
		if err := json.Unmarshal(line, &item); err != nil {
			return nil, &Error{name, lines.at, "broken JSON: " + err.Error()}
		}
		if err := take(item); err != nil {
			return nil, &Error{name, lines.at, err.Error()}
		}
		n++
	}
	if n == 0 {
		return nil, &Error{name, 0, "there is no line in it"}
	}
	return w, nil
}

// lineReader yields the lines of a file that are not blank, of any length.
type lineReader struct {
	*bufio.Reader
	file     string
	warnings *Warnings
	at       int // the number of the last line, from 1
}

// next is the next line without its end, or io.EOF.
func (l *lineReader) next() ([]byte, error) {
	for {
		line, err := l.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			if err == io.EOF {
				return nil, err
			}
			return nil, fmt.Errorf("%s: after line %d: %w", l.file, l.at, err)
		}
		l.at++
		line = bytes.TrimSuffix(line, []byte("\n"))
		if cut, ok := bytes.CutSuffix(line, []byte("\r")); ok {
			l.warnings.add(CarriageReturn, l.file, l.at, 1)
			line = cut
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return line, nil
		}
		l.warnings.add(BlankLine, l.file, l.at, 1)
	}
}
