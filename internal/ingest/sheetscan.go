package ingest

import (
	"bytes"
	"regexp"
	"strconv"
)

// sheetScan looks at the XML of a sheet as it is written to it, without parsing
// it: which row is the last one, whether the rows come to an end, and which cells
// are merged. Excelize ends at the first fault in silence; this tells.
type sheetScan struct {
	lastRow int
	ended   bool // </sheetData> was there
	merges  []merge

	rest []byte // the beginning of a tag that is not complete
}

// maxMerges bounds the memory for merged cells, maxTag what is looked at as a tag.
const (
	maxMerges = 100_000
	maxTag    = 4 << 10
)

func (s *sheetScan) Write(p []byte) (int, error) {
	data := p
	if len(s.rest) > 0 {
		data = append(s.rest, p...)
	}
	for {
		at := bytes.IndexByte(data, '<')
		if at < 0 {
			s.rest = nil
			return len(p), nil
		}
		data = data[at:]
		end := bytes.IndexByte(data, '>')
		if end < 0 && len(data) < maxTag {
			s.rest = bytes.Clone(data)
			return len(p), nil
		}
		if end < 0 {
			data = data[1:]
			continue
		}
		s.tag(data[1:end])
		data = data[end+1:]
	}
}

var rowNumber = regexp.MustCompile(`\sr\s*=\s*["'](\d{1,9})["']`)
var mergeRange = regexp.MustCompile(`\sref\s*=\s*["']\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})["']`)

// tag looks at what stands between angle brackets.
func (s *sheetScan) tag(tag []byte) {
	closing := len(tag) > 0 && tag[0] == '/'
	name := bytes.TrimPrefix(tag, []byte("/"))
	if at := bytes.IndexAny(name, " \t\r\n/"); at >= 0 {
		name = name[:at]
	}
	if at := bytes.IndexByte(name, ':'); at >= 0 {
		name = name[at+1:]
	}
	switch {
	case string(name) == "sheetData":
		s.ended = s.ended || closing || bytes.HasSuffix(tag, []byte("/"))
	case string(name) == "row" && !closing && !s.ended:
		s.lastRow++
		if m := rowNumber.FindSubmatch(tag); m != nil {
			s.lastRow, _ = strconv.Atoi(string(m[1]))
		}
	case string(name) == "mergeCell" && len(s.merges) < maxMerges:
		if m := mergeRange.FindSubmatch(tag); m != nil {
			s.merges = append(s.merges, newMerge(m))
		}
	}
}
