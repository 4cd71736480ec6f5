package segment

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"sync/atomic"

	"github.com/duijie/duijie/internal/match"
)

// A file of pages; see doc.go for what is in its sections.
//
//	│ sections │ 8 zero bytes │ table │ tail │
//
//	table │ CRC-32C of each page of 16 KiB before the table 4 │ … │ end of each section 8 │ … │
//	tail  │ CRC-32C of table and the rest of the tail 4 │ sections 4 │ end of the zero bytes 8 │ version 1 │ "DUIJIEW" 7 │
//
// Numbers are little-endian. A section begins where the one before it ends.
const (
	magic    = "DUIJIEW"
	version  = 1
	tailSize = 24
	pageBits = 14
	pageSize = 1 << pageBits
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// pages is an open file. The checksum of a page is compared before its first use.
type pages struct {
	path     string
	data     []byte // up to the table
	sums     []byte
	ends     []uint64 // of the sections
	verified []atomic.Uint64
	unmap    func() error
	sum      uint32 // of the table and the tail
}

// openPages opens a file of the given number of sections. Errors are of kind
// match.Corrupt, match.Stale for another version, match.Unavailable.
func openPages(path string, sections int) (*pages, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be opened", Err: err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.Size() < tailSize {
		return nil, corrupt(path, "is cut off")
	}
	if err != nil {
		return nil, &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be read", Err: err}
	}
	data, unmap, err := mapped(f, info.Size())
	if err != nil {
		return nil, &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be mapped", Err: err}
	}
	p, err := parsePages(path, data, sections)
	if err != nil {
		_ = unmap()
		return nil, err
	}
	p.unmap = unmap
	return p, nil
}

func parsePages(path string, data []byte, sections int) (*pages, error) {
	if len(data) < tailSize || string(data[len(data)-len(magic):]) != magic {
		return nil, corrupt(path, "is cut off, or no file of words")
	}
	tail := data[len(data)-tailSize:]
	if v := tail[16]; v != version {
		return nil, &match.Error{Kind: match.Stale, Record: path, Reason: fmt.Sprintf("has the format version %d, this program knows %d", v, version)}
	}
	sum, n, end := binary.LittleEndian.Uint32(tail), binary.LittleEndian.Uint32(tail[4:]), binary.LittleEndian.Uint64(tail[8:])
	count := (end + pageSize - 1) >> pageBits
	if int(n) != sections || end < slack || end > uint64(len(data)) || uint64(len(data))-end != 4*count+8*uint64(n)+tailSize {
		return nil, corrupt(path, "its sizes do not fit together")
	}
	table := data[end : len(data)-tailSize]
	if crc32.Update(crc32.Checksum(table, castagnoli), castagnoli, tail[4:]) != sum {
		return nil, corrupt(path, "the checksum of its table is wrong")
	}
	p := &pages{path: path, data: data[:end], sums: table[:4*count], verified: make([]atomic.Uint64, (count+63)/64), sum: sum}
	p.unmap = func() error { return nil }
	before := uint64(0)
	for i := range sections {
		at := binary.LittleEndian.Uint64(table[4*count+8*uint64(i):])
		if at < before || at > end-slack {
			return nil, corrupt(path, "its sections overlap")
		}
		p.ends, before = append(p.ends, at), at
	}
	return p, nil
}

func corrupt(path, reason string) error {
	return &match.Error{Kind: match.Corrupt, Record: path, Reason: reason}
}

// section returns all bytes of a section, and at least slack readable bytes behind
// them within its capacity.
func (p *pages) section(i int) ([]byte, error) {
	from := uint64(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	if err := p.verify(from, p.ends[i]+slack); err != nil {
		return nil, err
	}
	return p.data[from : p.ends[i] : p.ends[i]+slack], nil
}

// span is a part of a file that is verified where it is used.
type span struct {
	*pages
	from, end uint64
}

func (p *pages) span(i int) span {
	from := uint64(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return span{p, from, p.ends[i]}
}

// bytes returns the bytes from offset from to to, and slack behind them.
func (s span) bytes(from, to uint64) ([]byte, error) {
	from, to = s.from+from, s.from+to
	if from > to || to > s.end {
		return nil, corrupt(s.path, "an offset lies outside of its section")
	}
	if err := s.verify(from, to+slack); err != nil {
		return nil, err
	}
	return s.data[from : to : to+slack], nil
}

// verify compares the checksums of the pages that a range touches.
func (p *pages) verify(from, to uint64) error {
	for page := from >> pageBits; page<<pageBits < to; page++ {
		bit := uint64(1) << (page & 63)
		if p.verified[page>>6].Load()&bit != 0 {
			continue
		}
		if crc32.Checksum(p.data[page<<pageBits:min((page+1)<<pageBits, uint64(len(p.data)))], castagnoli) != binary.LittleEndian.Uint32(p.sums[4*page:]) {
			return (&match.Error{Kind: match.Corrupt, Record: p.path}).Because("damaged between offsets %d and %d", page<<pageBits, (page+1)<<pageBits)
		}
		p.verified[page>>6].Or(bit)
	}
	return nil
}

// verifyAll reads the whole file.
func (p *pages) verifyAll() error { return p.verify(0, uint64(len(p.data))) }

// numbers is an array of little-endian uint32.
type numbers []byte

func (n numbers) at(i uint32) uint32 { return binary.LittleEndian.Uint32(n[4*i:]) }

func appendNumbers(out []byte, values []uint32) []byte {
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	return out
}
