package ingest

import (
	"bufio"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits of a Parquet file. Writers make pages of about one megabyte.
const (
	parquetPage   = 256 << 20 // bytes that come out of one page
	parquetValues = 1 << 26   // of one page
)

// checkParquet looks at the headers of all pages before any is read: the parser
// takes the memory that they ask for.
func checkParquet(file *randomFile, meta *format.FileMetaData) error {
	if meta.NumRows < 0 || meta.NumRows > max(1000, file.size) {
		return exhausted("", fmt.Sprintf("says that it has %d rows in %d bytes", meta.NumRows, file.size))
	}
	if len(meta.Schema) > parquetColumns {
		return exhausted("", fmt.Sprintf("has %d columns, at most %d are read", len(meta.Schema), parquetColumns))
	}
	var total uint64
	for i := range meta.RowGroups {
		for k := range meta.RowGroups[i].Columns {
			n, err := checkChunk(file, &meta.RowGroups[i].Columns[k].MetaData)
			if err != nil {
				return err
			}
			total += n
		}
	}
	if ratio := total / uint64(file.size); total > xlsxLimits.ratioFrom && ratio > 2*xlsxLimits.ratio {
		return exhausted("", fmt.Sprintf("unfolds to %d times its size, at most %d times is read", ratio, 2*xlsxLimits.ratio))
	}
	return nil
}

// checkChunk goes from page header to page header and adds up what they unfold to.
func checkChunk(file *randomFile, meta *format.ColumnMetaData) (total uint64, err error) {
	at := meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + meta.TotalCompressedSize
	if at < 4 || end < at || end > file.size {
		return 0, corrupt(fmt.Sprintf("column %v lies outside of the file", meta.PathInSchema), nil)
	}
	for at < end {
		var header format.PageHeader
		n, err := readHeader(io.NewSectionReader(file, at, end-at), &header)
		if err != nil {
			return 0, corrupt(fmt.Sprintf("column %v is damaged", meta.PathInSchema), err)
		}
		if header.CompressedPageSize < 0 || header.UncompressedPageSize < 0 {
			return 0, corrupt(fmt.Sprintf("column %v has a page of negative size", meta.PathInSchema), nil)
		}
		values := max(header.DataPageHeader.V.NumValues, header.DataPageHeaderV2.V.NumValues, header.DictionaryPageHeader.V.NumValues)
		if header.UncompressedPageSize > parquetPage || values > parquetValues {
			return 0, exhausted("", fmt.Sprintf("column %v has a page of %d bytes and %d values, at most %d and %d are read",
				meta.PathInSchema, header.UncompressedPageSize, values, parquetPage, parquetValues))
		}
		total += uint64(header.UncompressedPageSize)
		at += n + int64(header.CompressedPageSize)
	}
	return total, nil
}

// readHeader decodes one header and tells its length.
func readHeader(in io.Reader, header *format.PageHeader) (int64, error) {
	counted := &counting{in: in}
	buffered := bufio.NewReaderSize(counted, 512)
	var protocol thrift.CompactProtocol
	if err := thrift.NewDecoder(protocol.NewReader(buffered)).Decode(header); err != nil {
		return 0, err
	}
	return counted.n - int64(buffered.Buffered()), nil
}

type counting struct {
	in io.Reader
	n  int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}
