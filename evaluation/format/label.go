package format

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/duijie/duijie/evaluation"
)

// Label is one rater's judgement of a pair.
type Label struct {
	Query, Document string // ids
	Level           int
	Rater           string    // may be empty
	Time            time.Time // zero if unknown
	Line            int       // of the file
	// Source is where the label comes from, as the file says; empty is not told.
	Source string
}

// derived tells whether a label is no expert's: proposed by a model, or made of what
// parties did.
func (l Label) derived() bool {
	switch strings.ToLower(strings.TrimSpace(l.Source)) {
	case "model", "event", "label_source_model", "label_source_event", "模型", "事件", "行为":
		return true
	}
	return false
}

// columns maps the names that a header may use to those of a label.
var columns = map[string]string{
	"query": "query", "query-id": "query", "query_id": "query", "qid": "query", "demand": "query", "demand_id": "query",
	"document": "document", "document_id": "document", "doc_id": "document", "docid": "document", "corpus-id": "document",
	"corpus_id": "document", "patent": "document", "patent_id": "document", "patent_number": "document",
	"level": "level", "score": "level", "label": "level", "relevance": "level",
	"rater": "rater", "who": "rater", "annotator": "rater", "time": "time", "when": "time", "date": "time",
	"需求编号": "query", "需求": "query", "专利号": "document", "公开号": "document", "专利": "document",
	"等级": "level", "匹配等级": "level", "匹配程度": "level", "标注人": "rater", "专家": "rater", "标注时间": "time", "时间": "time",
	"source": "source", "来源": "source", "标注来源": "source",
}

// ParseCSV reads labelled pairs: a header that names at least query, document and
// level (demand_id, patent_number and the like are understood; other columns are
// ignored), then a pair a line. The separator is the first of comma, semicolon
// and tab that the header has; a line with another number of fields is refused.
func ParseCSV(r io.Reader, name string, scale evaluation.Scale) ([]Label, Warnings, error) {
	var w Warnings
	header, _, whole, err := firstLine(r, name, &w)
	if err != nil {
		return nil, nil, err
	}
	reader := csv.NewReader(whole)
	reader.Comma = separator(string(header))
	reader.ReuseRecord = true
	at := map[string]int{}
	var labels []Label
	for {
		fields, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, csvError(name, err)
		}
		line, _ := reader.FieldPos(0)
		if len(at) == 0 {
			if at = headerColumns(fields); len(at) == 0 {
				return nil, nil, &Error{name, line, "the header names no query, document and level"}
			}
			continue
		}
		label, problem := csvLabel(fields, at, scale)
		if problem != "" {
			return nil, nil, &Error{name, line, problem}
		}
		label.Line = line
		labels = append(labels, label)
	}
	if len(labels) == 0 {
		return nil, nil, &Error{name, 0, "there is no labelled pair in it"}
	}
	return labels, w, nil
}

func separator(header string) rune {
	for _, c := range ",;\t" {
		if strings.ContainsRune(header, c) {
			return c
		}
	}
	return ','
}

func csvError(name string, err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &Error{name, parse.Line, parse.Err.Error()}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// headerColumns is where each part of a label stands; empty without all of query,
// document and level.
func headerColumns(fields []string) map[string]int {
	at := map[string]int{}
	for i, f := range fields {
		key := columns[strings.ToLower(strings.TrimSpace(f))]
		if _, taken := at[key]; key != "" && !taken {
			at[key] = i
		}
	}
	for _, needed := range []string{"query", "document", "level"} {
		if _, ok := at[needed]; !ok {
			return nil
		}
	}
	return at
}

func csvLabel(fields []string, at map[string]int, scale evaluation.Scale) (Label, string) {
	get := func(key string) string {
		if i, ok := at[key]; ok {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	l := Label{Query: strings.Clone(get("query")), Document: strings.Clone(get("document")), Rater: strings.Clone(get("rater")), Source: strings.Clone(get("source"))}
	level, err := strconv.Atoi(get("level"))
	if err != nil {
		return l, levelProblem(get("level"), scale)
	}
	l.Level = level
	if at := get("time"); at != "" {
		if l.Time, err = parseTime(at); err != nil {
			return l, fmt.Sprintf("time %q is neither RFC 3339 nor a date", at)
		}
	}
	return l, l.check(scale)
}

func (l Label) check(scale evaluation.Scale) string {
	switch {
	case l.Query == "" || l.Document == "":
		return "an id is empty"
	case !scale.Holds(l.Level):
		return levelProblem(strconv.Itoa(l.Level), scale)
	}
	return ""
}

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Parse(time.DateOnly, s)
	}
	return t, nil
}

// exported is a line of the labels that a live system exports.
type exported struct {
	Demand string    `json:"demand_id"`
	Patent string    `json:"patent_number"`
	Level  int       `json:"level"`
	Rater  string    `json:"rater"`
	Time   time.Time `json:"time"`
	Source string    `json:"source"`
}

// ParseExport reads the labels that `duijie export` writes: JSONL with demand_id,
// patent_number, level, and rater and time where known.
func ParseExport(r io.Reader, name string, scale evaluation.Scale) ([]Label, Warnings, error) {
	var labels []Label
	w, err := eachJSON(r, name, func(raw json.RawMessage) error {
		var e exported
		if err := json.Unmarshal(raw, &e); err != nil {
			return err
		}
		l := Label{e.Demand, e.Patent, e.Level, e.Rater, e.Time, len(labels) + 1, e.Source}
		if problem := l.check(scale); problem != "" {
			return errors.New(problem)
		}
		labels = append(labels, l)
		return nil
	})
	return labels, w, err
}
