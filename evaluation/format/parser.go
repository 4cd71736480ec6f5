package format

import (
	"bytes"
	"unsafe"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/ident"
)

// parser turns blocks into rows. It belongs to one goroutine.
type parser struct {
	*block // at hand
	layout layout
	scale  evaluation.Scale

	separator  byte   // of the block's first line
	plain      *tally // of lines with it
	prefix     prefix // of the last line, where that was plain
	nextLine   int    // that would go on with the last stretch
	fieldStore [8][]byte
}

// parse parses a block.
func (p *parser) parse(b *block) {
	p.begin(b)
	for at := 0; at < len(b.data) && b.fault == ""; {
		n := p.quick(at)
		if n == 0 {
			n = p.long(at)
		}
		at += n
	}
}

func (p *parser) begin(b *block) {
	*b = block{data: b.data, number: b.number, fields: b.fields[:0], documents: b.documents[:0], values: b.values[:0], stretches: b.stretches[:0]}
	p.block, p.prefix, p.nextLine, p.separator = b, prefix{}, -1, ' '
	if i := bytes.IndexAny(b.data[:min(len(b.data), 1<<10)], "\t "); i >= 0 {
		p.separator = b.data[i]
	}
	p.plain = &b.tallies.spaces
	if p.separator == '\t' {
		p.plain = &b.tallies.tabs
	}
}

// take keeps a row of the last line; from and to are where the document's id lies.
func (p *parser) take(query []byte, from, to int, v value) {
	if n := len(p.stretches); n == 0 || p.nextLine != p.lines-1 || text(query) != text(p.stretches[n-1].query) {
		p.stretches = append(p.stretches, stretch{query, len(p.fields), p.lines - 1})
	}
	p.keep(from, to, v)
}

// keep is take where the query is that of the row before, on the line before.
func (p *parser) keep(from, to int, v value) {
	p.nextLine = p.lines
	p.fields = append(p.fields, ident.Field{Hash: ident.Hash(p.data[from:to]), From: int32(from), Size: int32(to - from)})
	p.values = append(p.values, v)
}

// text is the bytes as a string, for calls that do not keep it.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
