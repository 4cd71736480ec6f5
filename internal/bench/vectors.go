package bench

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/workload"
)

// batch is how many records go into an index at once.
const batch = 2048

// catalog is generated patents, whose vectors are kept in a file, so that all indexes are
// filled with the same ones and nothing else is timed.
type catalog struct {
	generator *workload.Generator
	embedder  embed.Embedder
	size      int
	path      string
	data      Data
	speed     Embedding
}

// Data describes a catalog, so that a reader can tell how far it is like real ones.
type Data struct {
	Topics int `json:"topics"`
	// DistinctTerms estimates how many pairs of characters and words the texts have.
	DistinctTerms int `json:"distinct_terms"`
	// MeanCharacters is the length of title and abstract.
	MeanCharacters float64 `json:"mean_characters"`
	// NearDuplicates is the share of patents whose text has a cosine of at least 0.95 with
	// that of another one.
	NearDuplicates float64 `json:"near_duplicates"`
}

// Embedding is how fast texts were turned into vectors.
type Embedding struct {
	Model            string  `json:"model"`
	Dim              int     `json:"dim"`
	RecordsPerSecond float64 `json:"records_per_second"` // two texts each, on all cores
	ProcessorMicros  float64 `json:"processor_us_per_record,omitempty"`
}

// newCatalog makes the vectors of so many patents. Records that the embedder refuses are
// an error.
func newCatalog(ctx context.Context, g *workload.Generator, e embed.Embedder, size int, dir string, progress func(done int)) (_ *catalog, err error) {
	c := &catalog{generator: g, embedder: e, size: size, path: filepath.Join(dir, "vectors.f32")}
	f, err := os.Create(c.path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	var terms workload.Distinct
	var spent effort
	characters := 0
	for from := 0; from < size; from += batch {
		records := c.records(from, min(batch, size-from))
		for _, r := range records {
			full := r.Texts().Full()
			terms.Add(full)
			characters += len([]rune(full))
		}
		vectors, err := spent.embed(ctx, e, records)
		if err != nil {
			return nil, err
		}
		if err := writeVectors(out, vectors); err != nil {
			return nil, err
		}
		progress(from + len(records))
	}
	c.data = Data{Topics: g.Topics(), DistinctTerms: terms.Count(), MeanCharacters: float64(characters) / float64(size)}
	c.speed = spent.of(e, size)
	return c, out.Flush()
}

func (c *catalog) records(from, n int) []*match.Record {
	out := make([]*match.Record, n)
	eachOf(n, runtime.GOMAXPROCS(0), func(i int) {
		r := match.NewPatent(match.DefaultTenant, c.generator.Patent(from+i))
		out[i] = &r
	})
	return out
}

// embedded are the vectors of a record.
type embedded struct{ title, text []float32 }

func embedAll(ctx context.Context, e embed.Embedder, records []*match.Record) ([]embedded, error) {
	workers := runtime.GOMAXPROCS(0)
	out, errs := make([]embedded, len(records)), make([]error, workers)
	eachOf(workers, workers, func(w int) {
		from, to := w*len(records)/workers, (w+1)*len(records)/workers
		if from == to {
			return
		}
		got, failed, err := retrieve.EmbedRecords(ctx, e, records[from].Kind, records[from:to])
		for _, refused := range failed {
			err = errors.Join(err, refused)
		}
		errs[w] = err
		for i, v := range got {
			out[from+i] = embedded{v.Title, v.Text}
		}
	})
	return out, errors.Join(errs...)
}

func writeVectors(w io.Writer, vectors []embedded) error {
	var b []byte
	for _, v := range vectors {
		for _, part := range [][]float32{v.title, v.text} {
			for _, x := range part {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
		}
	}
	_, err := w.Write(b)
	return err
}

// each reads the catalog in batches of points and of their records.
func (c *catalog) each(ctx context.Context, visit func(points []index.Point, records []*match.Record) error) (err error) {
	f, err := os.Open(c.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in, dim := bufio.NewReaderSize(f, 1<<20), c.embedder.Dim()
	raw := make([]byte, batch*2*4*dim)
	for from := 0; from < c.size; from += batch {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		records := c.records(from, min(batch, c.size-from))
		if _, err := io.ReadFull(in, raw[:len(records)*8*dim]); err != nil {
			return err
		}
		points := make([]index.Point, len(records))
		for i, r := range records {
			at := raw[i*8*dim:]
			points[i] = index.Point{Key: r.Key(), Payload: r.Payload(), Vectors: map[string][]float32{
				retrieve.TitleVector: floats(at[:4*dim]), retrieve.TextVector: floats(at[4*dim : 8*dim]),
			}}
		}
		if err := visit(points, records); err != nil {
			return err
		}
	}
	return nil
}

// sample returns the text vectors of patents spread over the catalog.
func (c *catalog) sample(n int) (out [][]float32, err error) {
	f, err := os.Open(c.path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	n, dim := min(n, c.size), c.embedder.Dim()
	raw := make([]byte, 4*dim)
	for i := range n {
		record := int64(i) * int64(c.size) / int64(n)
		if _, err := f.ReadAt(raw, (2*record+1)*int64(len(raw))); err != nil {
			return nil, err
		}
		out = append(out, floats(raw))
	}
	return out, nil
}

func floats(raw []byte) []float32 {
	out := make([]float32, len(raw)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

// demands makes demands and their vectors.
func demands(ctx context.Context, g *workload.Generator, e embed.Embedder, from, n int) ([]*match.Record, []embedded, error) {
	records := make([]*match.Record, n)
	eachOf(n, runtime.GOMAXPROCS(0), func(i int) {
		r := match.NewDemand(match.DefaultTenant, g.Demand(from+i))
		records[i] = &r
	})
	vectors, err := embedAll(ctx, e, records)
	return records, vectors, err
}
