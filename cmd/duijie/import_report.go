package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// importCounts is what became of the rows of a file.
type importCounts struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Withdrawn int `json:"withdrawn"`
	Labels    int `json:"labels"`
}

func (c *importCounts) count(change store.Change) {
	switch change {
	case store.Created:
		c.Created++
	case store.Updated:
		c.Updated++
	case store.Unchanged:
		c.Unchanged++
	case store.Withdrawn:
		c.Withdrawn++
	}
}

func (c *importCounts) names() map[string]int {
	return map[string]int{"created": c.Created, "updated": c.Updated, "unchanged": c.Unchanged, "withdrawn": c.Withdrawn, "labels": c.Labels}
}

func countsOf(names map[string]int) importCounts {
	return importCounts{names["created"], names["updated"], names["unchanged"], names["withdrawn"], names["labels"]}
}

// importSummary is what an import did.
type importSummary struct {
	Rows int `json:"rows"`
	importCounts
	// Rejected lists rejected rows, at most keptRejects; RejectedRows counts all.
	Rejected     []rejectedRow `json:"rejected"`
	RejectedRows int           `json:"rejected_rows"`
	// KeptAsAttributes counts the rows whose column has no field of its own.
	KeptAsAttributes map[string]int `json:"kept_as_attributes"`
	// Resumed counts the rows that an import before this one had written.
	Resumed     int     `json:"resumed"`
	Interrupted bool    `json:"interrupted"`
	Searchable  bool    `json:"searchable"`
	Seconds     float64 `json:"seconds"`
}

const keptRejects = 1000

type rejectedRow struct {
	File   string `json:"file"`
	Number int    `json:"number"` // of the line or row in the file
	Row    string `json:"row"`    // both, in words
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

func newImportSummary() importSummary {
	return importSummary{Rejected: []rejectedRow{}, KeptAsAttributes: map[string]int{}}
}

// add adds the counts of a file.
func (s *importSummary) add(f *importFile) {
	s.Created += f.counts.Created
	s.Updated += f.counts.Updated
	s.Unchanged += f.counts.Unchanged
	s.Withdrawn += f.counts.Withdrawn
	s.Labels += f.counts.Labels
	for name, n := range f.reader.Summary().Kept {
		s.KeptAsAttributes[name] += n
	}
}

// reject notes a row in the summary, the report and the file of rejected rows.
func (j *importJob) reject(row ingest.Row, err error) error {
	r := rejectedRow{File: j.at.name, Number: row.Line, Row: j.at.reader.Place(row.Line), Reason: err.Error()}
	var e *match.Error
	if errors.As(err, &e) {
		r.Field, r.Reason = e.Field, (&match.Error{Reason: e.Reason, Err: e.Err}).Error()
	}
	j.summary.RejectedRows++
	if len(j.summary.Rejected) < keptRejects {
		j.summary.Rejected = append(j.summary.Rejected, r)
	}
	if err := j.report.add(r); err != nil {
		return err
	}
	return j.at.rejects.add(row)
}

// reportFile lists rejected rows: a table with tabs, or one JSON document. A nil
// reportFile takes everything and writes nothing.
type reportFile struct {
	file *newFile
	out  *bufio.Writer
	json bool
	rows int
}

func newReportFile(path string) (*reportFile, error) {
	if path == "" {
		return nil, nil
	}
	file, err := createFile(path)
	if err != nil {
		return nil, err
	}
	r := &reportFile{file: file, out: bufio.NewWriter(file), json: strings.EqualFold(filepath.Ext(path), ".json")}
	if r.json {
		_, err = r.out.WriteString("{\"rejected\":[")
	} else {
		_, err = r.out.WriteString("file\trow\tfield\treason\n")
	}
	return r, err
}

var oneCell = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

func (r *reportFile) add(row rejectedRow) error {
	if r == nil {
		return nil
	}
	r.rows++
	if !r.json {
		_, err := fmt.Fprintf(r.out, "%s\t%d\t%s\t%s\n", oneCell.Replace(row.File), row.Number, oneCell.Replace(row.Field), oneCell.Replace(row.Reason))
		return err
	}
	raw, err := json.Marshal(row)
	if err != nil {
		return err
	}
	separator := ",\n"
	if r.rows == 1 {
		separator = "\n"
	}
	_, err = r.out.WriteString(separator + string(raw))
	return err
}

// commit ends the report with the summary and puts it in its place.
func (r *reportFile) commit(s *importSummary) error {
	if r == nil {
		return nil
	}
	if r.json {
		short := *s
		short.Rejected = nil // they are above
		raw, err := json.Marshal(short)
		if err != nil {
			return err
		}
		if _, err := r.out.WriteString("\n],\n\"summary\":" + string(raw) + "}\n"); err != nil {
			return err
		}
	}
	if err := r.out.Flush(); err != nil {
		r.file.abandon()
		return err
	}
	return r.file.commit()
}
