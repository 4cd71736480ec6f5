package evaluation

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/duijie/duijie/evaluation/ident"
)

// Query is one demand. Attributes (sector, region…) are what slices are made of.
type Query struct {
	ID, Title, Text string
	Attributes      map[string]string
	Time            time.Time // when it was posed; zero if unknown
}

// Document is one patent. Its attributes make slices of queries; see [ByDocuments].
type Document struct {
	ID, Title, Text string
	Attributes      map[string]string
}

// Judgement is the level of one document for the query that holds it.
type Judgement struct {
	Document int32
	Level    int8
}

// Dataset is queries, documents and judgements. Queries and documents are named
// by their index in the order of adding. Reading it from several goroutines is
// safe once nothing is added any more.
type Dataset struct {
	Name string // for reports

	scale         Scale
	queries       []Query
	documents     []Document // of which more is known than an id; nothing is of those behind them
	judged        [][]Judgement
	queryIndex    *ident.Table
	documentIndex *ident.Table
}

// NewDataset is an empty dataset with judgements on scale, metric.Levels4 for
// Duijie's own levels. It panics on an invalid scale.
func NewDataset(scale Scale) *Dataset {
	if err := scale.Validate(); err != nil {
		panic(err)
	}
	return &Dataset{scale: scale, queryIndex: &ident.Table{}, documentIndex: &ident.Table{}}
}

// AddQuery appends a query and returns its index. An empty or repeated id is an
// error.
func (d *Dataset) AddQuery(q Query) (int32, error) {
	if q.ID == "" {
		return 0, errors.New("evaluation: a query id is empty")
	}
	i, added := d.queryIndex.Add(q.ID)
	if !added {
		return 0, fmt.Errorf("evaluation: query id %q is repeated", q.ID)
	}
	d.queries = append(d.queries, q)
	d.judged = append(d.judged, nil)
	return i, nil
}

// AddDocument appends a document and returns its index. An empty or repeated id
// is an error.
func (d *Dataset) AddDocument(doc Document) (int32, error) {
	if doc.ID == "" {
		return 0, errors.New("evaluation: a document id is empty")
	}
	i, added := d.documentIndex.Add(doc.ID)
	if !added {
		return 0, fmt.Errorf("evaluation: document id %q is repeated", doc.ID)
	}
	for int(i) > len(d.documents) {
		d.documents = append(d.documents, d.Document(int32(len(d.documents))))
	}
	d.documents = append(d.documents, doc)
	return i, nil
}

// EnsureQuery is the index of the query with an id, which is added where it is
// new. An empty id is an error.
func (d *Dataset) EnsureQuery(id string) (int32, error) {
	if id == "" {
		return 0, errors.New("evaluation: a query id is empty")
	}
	i, added := d.queryIndex.Add(id)
	if added {
		d.queries = append(d.queries, Query{ID: id})
		d.judged = append(d.judged, nil)
	}
	return i, nil
}

// EnsureDocument is EnsureQuery for a document.
func (d *Dataset) EnsureDocument(id string) (int32, error) {
	if id == "" {
		return 0, errors.New("evaluation: a document id is empty")
	}
	i, _ := d.documentIndex.Add(id)
	return i, nil
}

// Judge records a level. Judging the same pair twice is found by [Evaluate].
func (d *Dataset) Judge(query, document int32, level int) error {
	if err := d.mayJudge(query, document, level); err != nil {
		return err
	}
	d.judged[query] = append(d.judged[query], Judgement{document, int8(level)})
	return nil
}

func (d *Dataset) mayJudge(query, document int32, level int) error {
	switch {
	case int(query) >= len(d.queries) || query < 0 || int(document) >= d.Documents() || document < 0:
		return fmt.Errorf("evaluation: judge query %d, document %d: no such index", query, document)
	case !d.scale.Holds(level):
		return fmt.Errorf("evaluation: judge query %q, document %q: level %d is not in %d–%d",
			d.queries[query].ID, d.documentID(document), level, d.scale.Min, d.scale.Max)
	}
	return nil
}

// JudgeAll is Judge for the documents of one query together; it may keep list. It
// may be called for different queries from several goroutines. With an error
// nothing is recorded.
func (d *Dataset) JudgeAll(query int32, list []Judgement) error {
	if int(query) >= len(d.queries) || query < 0 {
		return fmt.Errorf("evaluation: judge query %d: no such index", query)
	}
	for _, j := range list {
		if err := d.mayJudge(query, j.Document, int(j.Level)); err != nil {
			return err
		}
	}
	if len(d.judged[query]) == 0 {
		d.judged[query] = list
		return nil
	}
	d.judged[query] = append(d.judged[query], list...)
	return nil
}

// Scale is the scale of the judgements.
func (d *Dataset) Scale() Scale { return d.scale }

// Queries is the number of queries.
func (d *Dataset) Queries() int { return len(d.queries) }

// Documents is the number of documents.
func (d *Dataset) Documents() int { return d.documentIndex.Len() }

// Query is the query at index i.
func (d *Dataset) Query(i int32) Query { return d.queries[i] }

// Document is the document at index i.
func (d *Dataset) Document(i int32) Document {
	if int(i) < len(d.documents) {
		return d.documents[i]
	}
	return Document{ID: d.documentIndex.Name(i)}
}

// documentID is the id of the document at index i.
func (d *Dataset) documentID(i int32) string { return d.documentIndex.Name(i) }

// QueryIndex finds a query by its id.
func (d *Dataset) QueryIndex(id string) (int32, bool) { return d.queryIndex.FindString(id) }

// DocumentIndex finds a document by its id.
func (d *Dataset) DocumentIndex(id string) (int32, bool) { return d.documentIndex.FindString(id) }

// FindDocuments is DocumentIndex for fields of a text; see [ident.Table.FindAll].
func (d *Dataset) FindDocuments(text []byte, fields []ident.Field, out []int32) {
	d.documentIndex.FindAll(text, fields, out)
}

// AddDocuments adds those fields of a text that were not found as documents of which
// nothing but the id is known; see [ident.Table.AddAll].
func (d *Dataset) AddDocuments(text []byte, fields []ident.Field, out []int32) {
	d.documentIndex.AddAll(text, fields, out)
}

// Truncate drops all but the first queries and documents, which must not be judged: for
// readers that come upon an error after adding some.
func (d *Dataset) Truncate(queries, documents int) {
	d.queries, d.judged, d.documents = d.queries[:queries], d.judged[:queries], d.documents[:min(documents, len(d.documents))]
	d.queryIndex.Truncate(queries)
	d.documentIndex.Truncate(documents)
}

// Judgements are those of a query, in the order of judging. Callers must not
// change them.
func (d *Dataset) Judgements(query int32) []Judgement { return d.judged[query] }

// SetAttribute sets an attribute of a query, for slices.
func (d *Dataset) SetAttribute(query int32, name, value string) {
	q := &d.queries[query]
	if q.Attributes == nil {
		q.Attributes = map[string]string{}
	}
	q.Attributes[name] = value
}

// Attributes lists the names of attributes that some query, and that some document,
// has, each in order.
func (d *Dataset) Attributes() (queries, documents []string) {
	names := map[string]bool{}
	for _, q := range d.queries {
		for name := range q.Attributes {
			names[name] = true
		}
	}
	queries = slices.Sorted(maps.Keys(names))
	clear(names)
	for _, doc := range d.documents {
		for name := range doc.Attributes {
			names[name] = true
		}
	}
	return queries, slices.Sorted(maps.Keys(names))
}

// Reverse is the dataset seen from the other side: documents are the queries and
// queries the documents, with the same judgements. Runs of it are what
// [Model.Reverse] holds.
func (d *Dataset) Reverse() *Dataset {
	r := &Dataset{Name: d.Name, scale: d.scale, queryIndex: d.documentIndex, documentIndex: d.queryIndex}
	for i := range d.Documents() {
		doc := d.Document(int32(i))
		r.queries = append(r.queries, Query{ID: doc.ID, Title: doc.Title, Text: doc.Text, Attributes: doc.Attributes})
	}
	for _, q := range d.queries {
		r.documents = append(r.documents, Document{ID: q.ID, Title: q.Title, Text: q.Text, Attributes: q.Attributes})
	}
	r.judged = make([][]Judgement, len(r.queries))
	for q, list := range d.judged {
		for _, j := range list {
			r.judged[j.Document] = append(r.judged[j.Document], Judgement{int32(q), j.Level})
		}
	}
	return r
}

// hasLowest tells whether some pair was judged at the lowest level: then the
// judged documents alone are a fair list of candidates.
func (d *Dataset) hasLowest() bool {
	for _, list := range d.judged {
		for _, j := range list {
			if int(j.Level) == d.scale.Min {
				return true
			}
		}
	}
	return false
}
