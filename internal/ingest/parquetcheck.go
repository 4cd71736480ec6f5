package ingest

import (
	"encoding/binary"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits of a Parquet file. Writers make pages of about one megabyte.
const (
	parquetPage   = 256 << 20 // bytes that come out of one page
	parquetValues = 1 << 26   // of one page
	parquetFooter = 64 << 20  // bytes
)

// checkFooter compares the length that the last bytes give for the metadata with
// that of the file: the parser takes the memory first and looks later.
//
//	PAR1 │ pages … │ metadata │ its length, 4 bytes │ PAR1
func checkFooter(file *randomFile) error {
	const frame = 12
	if file.size < frame {
		return corrupt("is not a whole Parquet file", io.ErrUnexpectedEOF)
	}
	var tail [8]byte
	if _, err := file.ReadAt(tail[:], file.size-8); err != nil && err != io.EOF {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	if length > file.size-frame {
		return corrupt("", nil).Because("is not a whole Parquet file: its metadata would be %d bytes long", length)
	}
	if length > parquetFooter {
		return exhausted("", "has %d bytes of metadata, at most %d are read", length, parquetFooter)
	}
	metadata := make([]byte, length)
	if _, err := file.ReadAt(metadata, file.size-8-length); err != nil && err != io.EOF {
		return err
	}
	if _, err := thriftLength(metadata); err != nil {
		return corrupt("is not a whole Parquet file: its metadata is damaged", err)
	}
	return nil
}

// checkParquet looks at all pages before any is read: the parser takes the memory
// that they ask for.
func checkParquet(file *randomFile, meta *format.FileMetaData) error {
	if meta.NumRows < 0 || meta.NumRows > max(1000, file.size) {
		return exhausted("", "says that it has %d rows in %d bytes", meta.NumRows, file.size)
	}
	if len(meta.Schema) > parquetColumns {
		return exhausted("", "has %d columns, at most %d are read", len(meta.Schema), parquetColumns)
	}
	var total uint64
	var pages pageCheck
	defer pages.Close()
	for i := range meta.RowGroups {
		for k := range meta.RowGroups[i].Columns {
			n, err := checkChunk(file, &pages, &meta.RowGroups[i].Columns[k].MetaData)
			if err != nil {
				return err
			}
			total += n
		}
	}
	if ratio := total / uint64(file.size); total > xlsxLimits.ratioFrom && ratio > 2*xlsxLimits.ratio {
		return exhausted("", "unfolds to %d times its size, at most %d times is read", ratio, 2*xlsxLimits.ratio)
	}
	return nil
}

// checkChunk goes from page header to page header and adds up what they unfold to.
func checkChunk(file *randomFile, pages *pageCheck, meta *format.ColumnMetaData) (total uint64, err error) {
	at := meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d != 0 {
		if d > at {
			return 0, corrupt("", nil).Because("column %v has its dictionary behind its data", meta.PathInSchema)
		}
		at = d
	}
	end := at + meta.TotalCompressedSize
	if at < 4 || end < at || end > file.size || meta.DataPageOffset > end {
		return 0, corrupt("", nil).Because("column %v lies outside of the file", meta.PathInSchema)
	}
	for at < end {
		var header format.PageHeader
		n, err := readHeader(io.NewSectionReader(file, at, end-at), &header)
		if err != nil {
			return 0, corrupt("", err).Because("column %v is damaged", meta.PathInSchema)
		}
		if header.CompressedPageSize < 0 || header.UncompressedPageSize < 0 {
			return 0, corrupt("", nil).Because("column %v has a page of negative size", meta.PathInSchema)
		}
		values := max(header.DataPageHeader.V.NumValues, header.DataPageHeaderV2.V.NumValues, header.DictionaryPageHeader.V.NumValues)
		if header.UncompressedPageSize > parquetPage || values > parquetValues {
			return 0, exhausted("", "column %v has a page of %d bytes and %d values, at most %d and %d are read",
				meta.PathInSchema, header.UncompressedPageSize, values, parquetPage, parquetValues)
		}
		if at += n; at+int64(header.CompressedPageSize) > end {
			return 0, corrupt("", nil).Because("column %v has a page that goes beyond its end", meta.PathInSchema)
		}
		if err := pages.page(meta.Codec, &header, io.NewSectionReader(file, at, int64(header.CompressedPageSize))); err != nil {
			return 0, corrupt("", err).Because("column %v is damaged", meta.PathInSchema)
		}
		total += uint64(header.UncompressedPageSize)
		at += int64(header.CompressedPageSize)
	}
	return total, nil
}

// readHeader decodes one header and tells its length. Most are far below 1 KB;
// those with statistics of long texts may be longer.
func readHeader(in *io.SectionReader, header *format.PageHeader) (int64, error) {
	for size := int64(1 << 10); ; size *= 16 {
		raw := make([]byte, min(size, in.Size()))
		if _, err := in.ReadAt(raw, 0); err != nil && err != io.EOF {
			return 0, err
		}
		n, err := thriftLength(raw)
		if err == io.ErrUnexpectedEOF && size < in.Size() && size < MaxRow {
			continue
		}
		if err != nil {
			return 0, err
		}
		var protocol thrift.CompactProtocol
		return int64(n), thrift.Unmarshal(&protocol, raw[:n], header)
	}
}
