package sweep

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
)

// Format is how rows are written.
type Format string

// Formats that there are.
const (
	TSV     Format = "tsv"
	CSV     Format = "csv"
	JSONL   Format = "jsonl"
	Parquet Format = "parquet"
)

// appended is the form of rows that grows line by line: a file of another format is made
// of it at the end.
func (f Format) appended() Format {
	if f == Parquet {
		return JSONL
	}
	return f
}

// Header is the first line, with its end; empty where there is none.
func (f Format) Header(dense bool) string {
	last := []string{"score", "logit"}
	if dense {
		last = []string{"cosine"}
	}
	names := append([]string{"demand_id", "patent_number", "rank"}, last...)
	switch f {
	case TSV:
		return string(separated('\t', names))
	case CSV:
		return string(separated(',', names))
	}
	return ""
}

// Append writes a row as a line.
func (f Format) Append(to []byte, r Row, dense bool) []byte {
	if f == JSONL || f == Parquet {
		line, _ := json.Marshal(r.line(dense)) // numbers and strings alone
		return append(append(to, line...), '\n')
	}
	cells := []string{r.Demand, r.Patent, strconv.Itoa(r.Rank), decimals(r.Score)}
	if !dense {
		cells = append(cells, decimals(r.Logit))
	}
	comma := ','
	if f == TSV {
		comma = '\t'
	}
	return append(to, separated(comma, cells)...)
}

// decimals are those of duijie score.
func decimals(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

func separated(comma rune, cells []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	_ = w.Write(cells) // a Buffer takes everything
	w.Flush()
	return b.Bytes()
}

// line is a row in JSON and in Parquet.
type line struct {
	Demand string      `json:"demand_id"`
	Patent string      `json:"patent_number"`
	Rank   int32       `json:"rank"`
	Score  json.Number `json:"score,omitempty"`
	Logit  json.Number `json:"logit,omitempty"`
	Cosine json.Number `json:"cosine,omitempty"`
}

func (r Row) line(dense bool) line {
	out := line{Demand: r.Demand, Patent: r.Patent, Rank: int32(r.Rank)}
	if dense {
		out.Cosine = json.Number(decimals(r.Score))
		return out
	}
	out.Score, out.Logit = json.Number(decimals(r.Score)), json.Number(decimals(r.Logit))
	return out
}
