package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/intake"
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
	// Repeated counts the rows with the number of an earlier row of their file, which
	// they replace. A record is among the others once.
	Repeated int `json:"repeated"`
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
	return map[string]int{"created": c.Created, "updated": c.Updated, "unchanged": c.Unchanged, "withdrawn": c.Withdrawn, "labels": c.Labels, "repeated": c.Repeated}
}

func countsOf(names map[string]int) importCounts {
	return importCounts{names["created"], names["updated"], names["unchanged"], names["withdrawn"], names["labels"], names["repeated"]}
}

// importSummary is what an import did.
type importSummary struct {
	Rows int `json:"rows"`
	importCounts
	// Rejected lists rejected rows, at most keptRejects; RejectedRows counts all.
	Rejected     []rejectedRow `json:"rejected"`
	RejectedRows int           `json:"rejected_rows"`
	// Repetitions lists rows that Repeated counts, at most keptRejects.
	Repetitions []repetition `json:"repetitions"`
	// ContradictingRows counts the labels that give a pair another level than an earlier row of
	// their file by the same rater, Contradictions lists them, at most keptRejects.
	ContradictingRows int             `json:"contradicting_rows"`
	Contradictions    []contradiction `json:"contradictions"`
	// KeptAsAttributes counts the rows whose column has no field of its own.
	KeptAsAttributes map[string]int `json:"kept_as_attributes"`
	// UnknownValues counts for each field the rows whose value it cannot hold.
	UnknownValues map[string]ingest.Values `json:"unknown_values"`
	// ShortenedValues counts for each field the rows whose value says more than its code.
	ShortenedValues map[string]ingest.Values `json:"shortened_values"`
	// WithheldBecause counts for each column the demands of which something is confidential
	// because of it, and ContactsShown the patents with data of contact in it.
	WithheldBecause map[string]int `json:"withheld_because"`
	ContactsShown   map[string]int `json:"contacts_shown"`
	// SkippedSheets lists for each workbook the sheets that were not read.
	SkippedSheets map[string][]string `json:"skipped_sheets,omitempty"`
	// EmptyFiles lists the files without rows.
	EmptyFiles []string `json:"empty_files,omitempty"`
	// DemandFlags counts, for each flag of the intake, the demands that this run has
	// written and that look suspicious.
	DemandFlags map[intake.Flag]int `json:"demand_flags"`
	// NotJudged counts the rows of labels whose level is empty.
	NotJudged int `json:"not_judged"`
	// LabelsWithoutRecords counts the labels that name a demand or a patent that is
	// not here.
	LabelsWithoutRecords int `json:"labels_without_records"`
	// EventsUnproven counts the events whose answer is not kept, or that name none.
	EventsUnproven int `json:"events_unproven"`
	// EventsSaidShown counts those of them of which the file says that their answer had the pair.
	EventsSaidShown int `json:"events_said_shown"`
	// Resumed counts the rows that an import before this one had written.
	Resumed     int     `json:"resumed"`
	Interrupted bool    `json:"interrupted"`
	Searchable  bool    `json:"searchable"`
	Seconds     float64 `json:"seconds"`

	missing []match.Ref // some of those that are not here
}

const keptRejects = 1000

type rejectedRow struct {
	File   string `json:"file"`
	Number int    `json:"number"` // of the line or row in the file
	Row    string `json:"row"`    // both, in words
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
	// Faults lists all that is wrong with the row; Field and Reason are the first.
	Faults []rowFault `json:"faults"`

	words match.LocalText // row, fields and reasons
}

type rowFault struct {
	Field  string `json:"field,omitempty"`
	Reason struct {
		ZH string `json:"zh"`
		EN string `json:"en"`
	} `json:"reason"`
}

func newImportSummary() importSummary {
	return importSummary{Rejected: []rejectedRow{}, Repetitions: []repetition{}, Contradictions: []contradiction{}, KeptAsAttributes: map[string]int{},
		UnknownValues: map[string]ingest.Values{}, ShortenedValues: map[string]ingest.Values{},
		WithheldBecause: map[string]int{}, ContactsShown: map[string]int{}, SkippedSheets: map[string][]string{}, DemandFlags: map[intake.Flag]int{}}
}

// noticeDemand counts what looks suspicious about a demand; other records have none.
func (s *importSummary) noticeDemand(r *match.Record) {
	if r.Kind != match.DemandKind || r.Demand == nil || r.Withdrawn {
		return
	}
	for _, f := range intake.FlagsOf(r.Demand.Texts()) {
		s.DemandFlags[f]++
	}
}

// add adds the counts of a file.
func (s *importSummary) add(f *importFile) {
	s.Created += f.counts.Created
	s.Updated += f.counts.Updated
	s.Unchanged += f.counts.Unchanged
	s.Withdrawn += f.counts.Withdrawn
	s.Labels += f.counts.Labels
	s.Repeated += f.counts.Repeated
	read := f.reader.Summary()
	for _, counts := range []struct{ to, of map[string]int }{
		{s.KeptAsAttributes, read.Kept}, {s.WithheldBecause, read.Withheld}, {s.ContactsShown, read.Contacts},
	} {
		for name, n := range counts.of {
			counts.to[name] += n
		}
	}
	for _, values := range []struct{ to, of map[string]ingest.Values }{{s.UnknownValues, read.Unknown}, {s.ShortenedValues, read.Shortened}} {
		for field, v := range values.of {
			values.to[field] = values.to[field].Plus(v)
		}
	}
}

func newRejectedRow(file string, number int, place string, err error) rejectedRow {
	var e *match.Error
	if !errors.As(err, &e) {
		e = &match.Error{Err: err}
	}
	inFile := *e
	inFile.Record = place
	r := rejectedRow{File: file, Number: number, Row: place, Field: e.Field, words: match.Localised(&inFile)}
	for _, fault := range e.All() {
		f, why := rowFault{Field: fault.Field}, fault.Why()
		f.Reason.ZH, f.Reason.EN = why.ZH, why.EN
		r.Faults = append(r.Faults, f)
	}
	r.Reason = r.Faults[0].Reason.EN
	return r
}

// reject notes a row in the summary, the report and the file of rejected rows.
func (j *importJob) reject(row ingest.Row, err error) error {
	r := newRejectedRow(j.at.name, row.Line, j.at.reader.Place(row.Line), err)
	j.summary.RejectedRows++
	if len(j.summary.Rejected) < keptRejects {
		j.summary.Rejected = append(j.summary.Rejected, r)
	}
	if err := j.report.add(r, j.lang); err != nil {
		return err
	}
	return j.at.rejects.add(row, r.why(j.lang))
}

// why gives all that is wrong with the row, in one language.
func (r *rejectedRow) why(lang langFlag) string {
	var all []string
	for _, f := range r.Faults {
		why := lang.pick(match.LocalText{ZH: f.Reason.ZH, EN: f.Reason.EN})
		if f.Field != "" {
			why = f.Field + ": " + why
		}
		all = append(all, why)
	}
	return strings.Join(all, "; ")
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

// add writes a line for each fault of a row, or one object with all of them.
func (r *reportFile) add(row rejectedRow, lang langFlag) error {
	if r == nil {
		return nil
	}
	r.rows++
	if !r.json {
		for _, f := range row.Faults {
			why := lang.pick(match.LocalText{ZH: f.Reason.ZH, EN: f.Reason.EN})
			if _, err := fmt.Fprintf(r.out, "%s\t%d\t%s\t%s\n", oneCell.Replace(row.File), row.Number, oneCell.Replace(f.Field), oneCell.Replace(why)); err != nil {
				return err
			}
		}
		return nil
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

// note writes a line about a row that is not rejected. The document of JSON has it in the
// summary.
func (r *reportFile) note(file string, row int, field, words string) error {
	if r == nil || r.json {
		return nil
	}
	_, err := fmt.Fprintf(r.out, "%s\t%d\t%s\t%s\n", oneCell.Replace(file), row, field, oneCell.Replace(words))
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
