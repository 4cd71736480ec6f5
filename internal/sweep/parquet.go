package sweep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/duijie/duijie/internal/match"
)

// ranked and near are the rows of a Parquet file.
type ranked struct {
	Demand string  `parquet:"demand_id,dict"`
	Patent string  `parquet:"patent_number"`
	Rank   int32   `parquet:"rank"`
	Score  float64 `parquet:"score"`
	Logit  float64 `parquet:"logit"`
}

type near struct {
	Demand string  `parquet:"demand_id,dict"`
	Patent string  `parquet:"patent_number"`
	Rank   int32   `parquet:"rank"`
	Cosine float64 `parquet:"cosine"`
}

// writeParquet turns lines of JSON into a Parquet file.
func writeParquet(w io.Writer, lines io.Reader, dense bool) error {
	if dense {
		return convert(w, lines, func(l line) (out near, err error) {
			out.Demand, out.Patent, out.Rank = l.Demand, l.Patent, l.Rank
			out.Cosine, err = l.Cosine.Float64()
			return out, err
		})
	}
	return convert(w, lines, func(l line) (out ranked, err error) {
		var bad error
		out.Demand, out.Patent, out.Rank = l.Demand, l.Patent, l.Rank
		out.Score, err = l.Score.Float64()
		out.Logit, bad = l.Logit.Float64()
		return out, errors.Join(err, bad)
	})
}

func convert[T any](w io.Writer, lines io.Reader, row func(line) (T, error)) error {
	out := parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(1<<17))
	in := bufio.NewScanner(lines)
	in.Buffer(nil, 1<<20)
	batch := make([]T, 0, 1024)
	flush := func() error {
		_, err := out.Write(batch)
		batch = batch[:0]
		return err
	}
	for n := 1; in.Scan(); n++ {
		var l line
		err := json.Unmarshal(in.Bytes(), &l)
		var r T
		if err == nil {
			r, err = row(l)
		}
		if err != nil {
			return &match.Error{Kind: match.Corrupt, Record: fmt.Sprintf("line %d", n), Err: err}
		}
		if batch = append(batch, r); len(batch) == cap(batch) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(in.Err(), flush()); err != nil {
		return err
	}
	return out.Close()
}
