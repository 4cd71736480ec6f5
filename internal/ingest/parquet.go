package ingest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"

	"github.com/duijie/duijie/internal/match"
)

// columnar is the source of Parquet: row group by row group, a few rows at a time.
type columnar struct {
	file   *randomFile
	fields []*parquetNode
	groups []parquet.RowGroup
	rows   parquet.Rows // of groups[0]
	buffer []parquet.Row
	ready  []parquet.Row
	values [][]parquet.Value // of one row, by column
	at     int
	given  atomic.Int64 // at, for who asks meanwhile
	total  int64        // rows
}

const (
	parquetBuffer  = 128 // rows
	parquetColumns = 2000
)

func openParquet(file *randomFile) (source, error) {
	c := &columnar{file: file, buffer: make([]parquet.Row, parquetBuffer)}
	err := guard("is not a whole Parquet file", func() error { return c.open() })
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *columnar) open() error {
	if err := checkFooter(c.file); err != nil {
		return err
	}
	file, err := parquet.OpenFile(c.file, c.file.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return corrupt("is not a whole Parquet file", err)
	}
	if err := checkParquet(c.file, file.Metadata()); err != nil {
		return err
	}
	for _, column := range file.Root().Columns() {
		node, err := newParquetNode(column, 0, 0, 0)
		if err != nil {
			return err
		}
		c.fields = append(c.fields, node)
	}
	c.groups, c.total = file.RowGroups(), file.NumRows()
	c.values = make([][]parquet.Value, len(file.Schema().Columns()))
	return nil
}

func (c *columnar) header() []string {
	names := []string{}
	for _, f := range c.fields {
		if nested[f.name] && len(f.members) > 0 && !f.list {
			for _, m := range f.members {
				names = append(names, f.name+"."+m.name)
			}
			continue
		}
		names = append(names, f.name)
	}
	return names
}

func (c *columnar) share() float64 {
	return min(1, float64(c.given.Load())/float64(max(1, c.total)))
}

func (*columnar) unit() string { return "row" }

func (*columnar) parse(*rawRow) {}

func (c *columnar) next() (row rawRow, err error) {
	err = guard(fmt.Sprintf("row %d cannot be read", c.at+1), func() error {
		if err := c.load(); err != nil {
			return err
		}
		c.at++
		c.given.Store(int64(c.at))
		row = c.row(c.ready[0])
		c.ready = c.ready[1:]
		return nil
	})
	return row, err
}

// load sees to it that at least one row is ready, or gives io.EOF.
func (c *columnar) load() error {
	for len(c.ready) == 0 {
		if c.rows == nil {
			if len(c.groups) == 0 {
				return io.EOF
			}
			c.rows = c.groups[0].Rows()
		}
		n, err := c.rows.ReadRows(c.buffer)
		c.ready = c.buffer[:n]
		switch {
		case err == nil && n == 0, errors.Is(err, io.EOF):
			c.rows.Close()
			c.rows, c.groups = nil, c.groups[1:]
		case err != nil:
			c.ready = nil
			return corrupt("", err).Because("is damaged behind row %d", c.at)
		}
	}
	return nil
}

// row puts a row together from the values of its columns.
func (c *columnar) row(values parquet.Row) rawRow {
	row, size := rawRow{line: c.at}, 0
	for i := range c.values {
		c.values[i] = c.values[i][:0]
	}
	for _, v := range values {
		c.values[v.Column()] = append(c.values[v.Column()], v)
		if k := v.Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
			size += len(v.ByteArray())
		}
	}
	if size > MaxRow {
		row.err, row.cut = tooLong(), true
		return row
	}
	out := make(object, 0, len(c.fields))
	for _, f := range c.fields {
		value := f.assemble(c.values)
		if s, ok := value.(string); ok && structured[f.name] {
			value = unpacked(s)
		}
		out = append(out, member{f.name, value})
	}
	row.cells = flatten(out)
	return row
}

// structured names the fields that a string may hold in JSON, since not every
// writer of Parquet has structures.
var structured = map[string]bool{
	"enterprise": true, "fee": true, "budget": true, "rating": true, "attributes": true,
	"applicants": true, "ipc": true, "pools": true, "transfer_modes": true, "confidential_fields": true,
}

// unpacked reads JSON inside of a string; what is none stays as it is.
func unpacked(s string) any {
	t := strings.TrimSpace(s)
	if !strings.HasPrefix(t, "{") && !strings.HasPrefix(t, "[") {
		return s
	}
	o, err := parseObject([]byte(`{"v":` + t + `}`))
	if err != nil || len(o) != 1 {
		return s
	}
	return o[0].value
}

// Close ends the reading of the row group.
func (c *columnar) Close() error {
	if c.rows != nil {
		// What a damaged group says at its end was said before.
		_ = guard("", func() error { return c.rows.Close() })
	}
	return c.file.Close()
}

var errNesting = match.Invalidf("", "has columns nested more than %d levels deep", maxDepth)
