package format

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// quick parses the line at a place if it is as plain as nearly all are: fields parted
// by one separator each, the same as in the block's first line, digits where digits
// belong, and a line feed at its end. It returns the length of the line with its end; 0
// where the line has to go the long way, which takes the same lines with the same
// result, and others.
func (p *parser) quick(at int) int {
	data := p.data[at:]
	same := p.prefix.begins(data)
	if !same && !p.readPrefix(data) {
		return 0
	}
	from := len(p.prefix.text)
	to := p.field(data, from)
	if to == 0 {
		return 0
	}
	var v value
	var end int
	if p.layout.level {
		v, end = p.quickLevel(data, to+1)
	} else {
		v, end = p.quickScore(data, to+1)
	}
	if end == 0 {
		return 0
	}
	p.plain.at(p.lines)
	p.lines++
	p.content++
	if same {
		p.keep(at+from, at+to, v)
	} else {
		p.take(p.prefix.text[:p.prefix.query], at+from, at+to, v)
	}
	return end
}

// prefix is what a plain line has before its document: the query and, where the layout
// has one, the second field, each with its separator. Most lines have that of the line
// before them.
type prefix struct {
	text              []byte
	query             int // its length
	low, high         uint64
	maskLow, maskHigh uint64 // of the bytes that text has
}

// readPrefix reads the prefix of a line, and tells whether it is plain.
func (p *parser) readPrefix(data []byte) bool {
	query := p.field(data, 0)
	end := query
	if query > 0 && !p.layout.tabbed { // Q0, or the iteration
		end = p.field(data, query+1)
	}
	if end == 0 {
		return false
	}
	p.prefix = prefix{text: data[:end+1], query: query}
	if len(p.prefix.text) <= 16 && len(data) >= 16 {
		p.prefix.maskLow, p.prefix.maskHigh = 1<<(8*len(p.prefix.text))-1, 1<<(8*max(len(p.prefix.text)-8, 0))-1
		p.prefix.low, p.prefix.high = word(data, 0)&p.prefix.maskLow, word(data, 8)&p.prefix.maskHigh
	}
	return true
}

// begins tells whether a line begins with the prefix of another.
func (x *prefix) begins(data []byte) bool {
	if x.maskLow != 0 && len(data) >= 16 {
		return (word(data, 0)^x.low)&x.maskLow|(word(data, 8)^x.high)&x.maskHigh == 0
	}
	return len(x.text) > 0 && bytes.HasPrefix(data, x.text)
}

// word is eight bytes, the first of them lowest.
func word(data []byte, at int) uint64 { return binary.LittleEndian.Uint64(data[at:]) }

const ones, tops = 0x0101010101010101, 0x8080808080808080 // in each byte of a word

// field is the end of the field that begins at from, where it is not empty and a
// separator follows; else 0.
func (p *parser) field(data []byte, from int) int {
	end := fieldEnd(data, from)
	if end == from || end == len(data) || data[end] != p.separator {
		return 0
	}
	return end
}

// fieldEnd is the place of the first control character or space from there on, or
// len(data). Eight bytes are looked at together: subtracting 0x21 from each sets
// the top bit of those below it, and of none before the first of them; bytes of
// 0x80 and more are masked out.
func fieldEnd(data []byte, from int) int {
	for ; from+8 <= len(data); from += 8 {
		x := word(data, from)
		if low := (x - ones*0x21) &^ x & tops; low != 0 {
			return from + bits.TrailingZeros64(low)/8
		}
	}
	for from < len(data) && data[from] > ' ' {
		from++
	}
	return from
}

// quickLevel reads the end of a line of qrels: a level of one digit.
func (p *parser) quickLevel(data []byte, at int) (v value, end int) {
	if at+2 > len(data) || data[at+1] != '\n' {
		return value{}, 0
	}
	digit := int(data[at]) - '0'
	if digit < 0 || digit > 9 || !p.scale.Holds(digit) {
		return value{}, 0
	}
	return value{number: float64(digit)}, at + 2
}

// quickScore reads the end of a line of a run: rank, score and tag.
func (p *parser) quickScore(data []byte, at int) (v value, end int) {
	end = at
	for end < len(data) && data[end]-'0' <= 9 {
		v.rank = v.rank*10 + int32(data[end]-'0')
		end++
	}
	if end == at || end-at > 9 || end == len(data) || data[end] != p.separator {
		return value{}, 0
	}
	v.number, end = p.score(data, end+1)
	if end == 0 {
		return value{}, 0
	}
	at = end + 1
	if end = fieldEnd(data, at); end == at || end == len(data) || data[end] != '\n' {
		return value{}, 0
	}
	return v, end + 1
}

// score reads a finite number that a separator follows, and returns where it ends;
// 0 where it is none.
func (p *parser) score(data []byte, from int) (value float64, end int) {
	if value, end = decimal(data, from); end > 0 && end < len(data) && data[end] == p.separator {
		return value, end
	}
	if end = p.field(data, from); end == 0 {
		return 0, 0
	}
	value, err := strconv.ParseFloat(text(data[from:end]), 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, 0
	}
	return value, end
}

// tens are the powers of ten that the fraction of a quick decimal is divided by.
var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a number such as -12.345 of at most 15 digits and returns where it
// ends, 0 where the text is another. It is what strconv.ParseFloat reads: digits
// and power of ten are exact as floats, so that their quotient is rounded once
// (Clinger, "How to read floating point numbers accurately", PLDI 1990).
func decimal(data []byte, from int) (value float64, end int) {
	end = from
	if end < len(data) && data[end] == '-' {
		end++
	}
	mantissa, point, first := uint64(0), -1, end
	for ; end < len(data); end++ {
		if digit := data[end] - '0'; digit <= 9 {
			mantissa = mantissa*10 + uint64(digit)
		} else if data[end] == '.' && point < 0 && end > first {
			point = end
		} else {
			break
		}
	}
	digits, fraction := end-first, 0
	if point >= 0 {
		digits, fraction = digits-1, end-point-1
	}
	if digits == 0 || digits > 15 || point >= 0 && fraction == 0 {
		return 0, 0
	}
	value = float64(mantissa) / tens[fraction]
	if data[from] == '-' {
		value = -value
	}
	return value, end
}
