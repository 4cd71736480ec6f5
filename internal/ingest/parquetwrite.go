package ingest

import (
	"encoding/json"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/duijie/duijie/internal/match"
)

// ParquetWriter writes records of one kind. The columns have the names of the JSON
// form; an applicant, a fee, a budget, a rating and an enterprise are structures,
// attributes a JSON object in a string. The same records give the same bytes.
type ParquetWriter struct {
	kind match.Kind
	//lint:ignore SA1019 the generic writer would need a writer type for each kind of record
	writer *parquet.Writer
}

// rowGroup is how many rows are held in memory before they are written.
const rowGroup = 20_000

// NewParquetWriter writes records of a kind, which may be LabelKind, to w.
func NewParquetWriter(w io.Writer, kind match.Kind) *ParquetWriter {
	var row any = patentRow{}
	switch kind {
	case match.DemandKind:
		row = demandRow{}
	case LabelKind:
		row = labelRow{}
	}
	return &ParquetWriter{kind: kind, writer: parquet.NewWriter(w, parquet.SchemaOf(row),
		parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.CreatedBy("duijie", "1", ""))}
}

// Write adds a record. One that does not pass Validate is an error of kind Invalid.
func (p *ParquetWriter) Write(record match.Record) error {
	if err := record.Validate(); err != nil {
		return err
	}
	around := rowEnvelope{Tenant: record.Tenant, Visibility: string(record.Visibility), Withdrawn: record.Withdrawn}
	if record.Kind == match.PatentKind {
		return p.writer.Write(newPatentRow(record.Patent, around))
	}
	return p.writer.Write(newDemandRow(record.Demand, around))
}

// WriteLabel adds a label.
func (p *ParquetWriter) WriteLabel(l match.Label) error {
	if err := l.Validate(); err != nil {
		return err
	}
	row := labelRow{
		Tenant: l.Tenant, Demand: l.Demand, Patent: l.Patent, Level: int32(l.Level), Rater: l.Rater, Reason: l.Reason,
		Source: string(l.Source), Relevance: l.Relevance, Weight: l.Weight, DemandRevision: l.DemandRevision, PatentRevision: l.PatentRevision,
	}
	if !l.At.IsZero() {
		micros := l.At.UnixMicro()
		row.At = &micros
	}
	return p.writer.Write(row)
}

// Close writes what is left and the file's end. It does not close w.
func (p *ParquetWriter) Close() error { return p.writer.Close() }

func dayOf(d match.Date) *int32 {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return nil
	}
	days := int32(t.Unix() / 86_400)
	return &days
}

func moneyOf(m *match.MoneyRange) *moneyRow {
	if m == nil {
		return nil
	}
	return &moneyRow{Min: m.Min, Max: m.Max}
}

func ratingOf(r *match.Rating) *ratingRow {
	if r == nil {
		return nil
	}
	return &ratingRow{Mean: r.Mean, Count: int64(r.Count)}
}

// attributesOf writes attributes in the order of their names.
func attributesOf(attributes map[string]string) string {
	if len(attributes) == 0 {
		return ""
	}
	raw, _ := json.Marshal(attributes) // strings always encode
	return string(raw)
}

func plainOf[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
