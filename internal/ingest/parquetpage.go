package ingest

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// pageCheck unfolds pages and drops what comes out: that it is no more than the
// page's header says. The codecs of Parquet's parser go on for as long as memory
// lasts, and the one of LZ4 asks for ever more of it where a page is damaged.
type pageCheck struct{ zstd *zstd.Decoder }

var errUnfolds = errors.New("a page unfolds to another length than it says")

// page checks one page, whose content is in.
func (c *pageCheck) page(codec format.CompressionCodec, header *format.PageHeader, in *io.SectionReader) error {
	size := int64(header.UncompressedPageSize)
	if v2 := &header.DataPageHeaderV2; v2.Valid {
		// The levels stand in front of the rest and are not compressed.
		levels := int64(v2.V.RepetitionLevelsByteLength) + int64(v2.V.DefinitionLevelsByteLength)
		if levels < 0 || levels > min(in.Size(), size) {
			return errUnfolds
		}
		size -= levels
		in = io.NewSectionReader(in, levels, in.Size()-levels)
		if v2.V.IsCompressed.Valid && !v2.V.IsCompressed.V {
			return nil
		}
	}
	if in.Size() == 0 && size == 0 {
		return nil
	}
	switch codec {
	case format.Uncompressed:
		return nil
	case format.Snappy:
		return checkSnappy(in, size)
	case format.Lz4Raw:
		return checkLZ4(in, size)
	case format.Gzip:
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		return unfoldWithin(unzipped, size)
	case format.Brotli:
		return unfoldWithin(brotli.NewReader(in), size)
	case format.Zstd:
		return c.checkZstd(in, size)
	}
	return fmt.Errorf("the compression %s is not read; SNAPPY and ZSTD are", codec)
}

// unfoldWithin reads in to its end, which has to come within size bytes.
func unfoldWithin(in io.Reader, size int64) error {
	n, err := io.Copy(io.Discard, io.LimitReader(in, size+1))
	if err == nil && n > size {
		err = errUnfolds
	}
	return err
}

// checkSnappy looks at the length that Snappy has in front of its blocks.
func checkSnappy(in *io.SectionReader, size int64) error {
	head := make([]byte, min(10, in.Size()))
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	n, err := snappy.DecodedLen(head)
	if err == nil && int64(n) > size {
		err = errUnfolds
	}
	return err
}

func checkLZ4(in *io.SectionReader, size int64) error {
	raw := make([]byte, in.Size())
	if _, err := io.ReadFull(in, raw); err != nil {
		return err
	}
	n, err := lz4.UncompressBlock(raw, make([]byte, size))
	if err == nil && int64(n) != size {
		err = errUnfolds
	}
	return err
}

func (c *pageCheck) checkZstd(in io.Reader, size int64) (err error) {
	if c.zstd == nil {
		c.zstd, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(parquetPage))
	} else {
		err = c.zstd.Reset(in)
	}
	if err != nil {
		return err
	}
	return unfoldWithin(c.zstd, size)
}

func (c *pageCheck) Close() error {
	if c.zstd != nil {
		c.zstd.Close()
	}
	return nil
}
