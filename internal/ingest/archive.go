package ingest

import (
	"archive/zip"
	"io"
	"path"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// archiveLimits keep a small file from unfolding into one that fills memory or
// disk. Real workbooks of a million rows stay far below them.
type archiveLimits struct {
	entries int
	// Sizes are of what comes out, in bytes.
	total, shared, other uint64
	// ratio of what comes out to the file's size; free up to ratioFrom.
	ratio, ratioFrom uint64
}

var xlsxLimits = archiveLimits{
	entries: 10_000, total: 4 << 30, shared: 512 << 20, other: 64 << 20,
	ratio: 200, ratioFrom: 64 << 20,
}

// checkArchive reads every entry once: that none is larger than it says, that all
// are whole, and what lies in the sheets.
func checkArchive(file *randomFile, limits archiveLimits) (*zip.Reader, map[string]*sheetScan, error) {
	archive, err := zip.NewReader(file, file.size)
	if err != nil {
		return nil, nil, corrupt("is not a whole ZIP archive, as XLSX is", err)
	}
	if err := limits.check(archive, uint64(file.size)); err != nil {
		return nil, nil, err
	}
	scans := map[string]*sheetScan{}
	for _, entry := range archive.File {
		var to io.Writer = io.Discard
		if isSheet(entry.Name) {
			scan := &sheetScan{}
			scans[entry.Name], to = scan, scan
		}
		if err := readEntry(entry, to); err != nil {
			return nil, nil, err
		}
	}
	return archive, scans, nil
}

func isSheet(name string) bool {
	return strings.EqualFold(path.Dir(name), "xl/worksheets") && strings.EqualFold(path.Ext(name), ".xml")
}

func (l archiveLimits) check(archive *zip.Reader, size uint64) error {
	if len(archive.File) > l.entries {
		return exhausted("", "has %d entries, at most %d are read", len(archive.File), l.entries)
	}
	var total uint64
	for _, entry := range archive.File {
		limit := l.other
		switch {
		case strings.EqualFold(entry.Name, "xl/sharedStrings.xml"):
			limit = l.shared
		case isSheet(entry.Name):
			limit = l.total
		}
		if entry.UncompressedSize64 > limit {
			return exhausted(entry.Name, "unfolds to %d bytes, at most %d are read", entry.UncompressedSize64, limit)
		}
		total += entry.UncompressedSize64
	}
	switch {
	case total > l.total:
		return exhausted("", "unfolds to %d bytes, at most %d are read", total, l.total)
	case total > l.ratioFrom && total/max(1, size) > l.ratio:
		return exhausted("", "unfolds to %d times its size, at most %d times is read", total/max(1, size), l.ratio)
	}
	return nil
}

// readEntry reads an entry to its end, where its checksum is compared. The zip
// package gives no more bytes than the entry says it has.
func readEntry(entry *zip.File, to io.Writer) error {
	if entry.Flags&1 != 0 {
		return match.Invalidf("", "is protected by a password")
	}
	in, err := entry.Open()
	if err == nil {
		_, err = io.Copy(to, in)
		in.Close()
	}
	if err != nil {
		return corrupt("", err).Because("the entry %s is damaged", entry.Name)
	}
	return nil
}
