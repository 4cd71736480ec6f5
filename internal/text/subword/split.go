package subword

import (
	"unicode"
	"unicode/utf8"
)

// none is the id of a piece that is not an added token.
const none = -1

// piece is a part of a text: text that is still to be cut, or an added token.
type piece struct {
	text string
	id   int32
	lead int // bytes that come from the first character of the text as it was given
}

// splitter appends the parts of p, none of them empty, to out. Parts may differ
// from what stands in p where the splitter marks spaces or bytes.
type splitter func(out []piece, p piece) []piece

// whole is the splitter of a file that has none.
func whole(out []piece, p piece) []piece { return appendPart(out, p, 0, len(p.text)) }

// appendPart appends p.text[from:to] unless it is empty.
func appendPart(out []piece, p piece, from, to int) []piece {
	if from >= to {
		return out
	}
	return append(out, piece{text: p.text[from:to], id: none, lead: max(0, p.lead-from)})
}

// sequence runs splitters one after another.
func sequence(all []splitter) splitter {
	return func(out []piece, p piece) []piece {
		parts, next := whole(nil, p), []piece(nil)
		for _, s := range all {
			next = next[:0]
			for _, part := range parts {
				next = s(next, part)
			}
			parts, next = next, parts
		}
		return append(out, parts...)
	}
}

// bertWords drops white space and sets each punctuation mark alone.
func bertWords(out []piece, p piece) []piece {
	from := 0
	for i, r := range p.text {
		switch {
		case unicode.IsSpace(r):
			out = appendPart(out, p, from, i)
		case isPunctuation(r):
			out = appendPart(out, p, from, i)
			out = appendPart(out, p, i, i+utf8.RuneLen(r))
		default:
			continue
		}
		from = i + utf8.RuneLen(r)
	}
	return appendPart(out, p, from, len(p.text))
}

// spaceWords drops white space.
func spaceWords(out []piece, p piece) []piece {
	from := 0
	for i, r := range p.text {
		if unicode.IsSpace(r) {
			out = appendPart(out, p, from, i)
			from = i + utf8.RuneLen(r)
		}
	}
	return appendPart(out, p, from, len(p.text))
}
