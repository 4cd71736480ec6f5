package sqlite

import (
	"encoding/binary"
	"unicode/utf8"
)

// A body is JSON in UTF-8, packed so that a Chinese character has two bytes in place of
// three and ASCII stays as it is:
//
//	00–7F             itself
//	80–EF, low        U+3000 to U+9FFF
//	F0–F6, low        page by the first byte, see pages; low is the rest
//	FF, n in 3 bytes  any other character; or notText + a byte that is not UTF-8
const (
	firstHan, endHan = 0x3000, 0xA000
	leadHan          = 0x80
	leadPage         = 0xF0
	leadOther        = 0xFF
	notText          = 0xFFFF00
)

// pages are the 256 characters each that bodies have besides: Latin letters and signs,
// Greek, punctuation, letters such as ℃, mathematics, numbers in circles, full width.
var pages = [...]rune{0x00, 0x03, 0x20, 0x21, 0x22, 0x24, 0xFF}

// leads has the first byte by page, and 0 for a page that has none.
var leads = func() (out [256]byte) {
	for page := firstHan >> 8; page < endHan>>8; page++ {
		out[page] = leadHan + byte(page-firstHan>>8)
	}
	for i, page := range pages {
		out[page] = leadPage + byte(i)
	}
	return out
}()

// starts has the first character of a page by its first byte, and −1 for other bytes.
var starts = func() (out [256]rune) {
	for i := range out {
		out[i] = -1
	}
	for page, lead := range leads {
		if lead != 0 {
			out[lead] = rune(page) << 8
		}
	}
	return out
}()

// packed gives the packed form of a body.
func packed(body string) []byte {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			out = append(out, body[i])
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(body[i:])
		if r == utf8.RuneError && n == 1 {
			r = notText + rune(body[i])
		}
		i += n
		if r <= 0xFFFF && leads[r>>8] != 0 {
			out = append(out, leads[r>>8], byte(r))
		} else {
			out = append(out, leadOther, byte(r>>16), byte(r>>8), byte(r))
		}
	}
	return out
}

// bodyOf gives the body of a revision by its columns; nil, which is no JSON, if damaged.
func bodyOf(body, packed []byte) []byte {
	if packed == nil { // written before schema version 8
		return body
	}
	return unpacked(packed)
}

// unpacked gives the body of a packed form, and nil for what is none.
func unpacked(p []byte) []byte {
	out := make([]byte, 0, len(p)*3/2)
	for i := 0; i < len(p); {
		lead := p[i]
		start := starts[lead]
		switch {
		case lead < utf8.RuneSelf:
			out = append(out, lead)
			i++
		case start >= firstHan && i+1 < len(p): // three bytes, at once for speed
			r := start | rune(p[i+1])
			out = append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
			i += 2
		case start >= 0 && i+1 < len(p):
			out = utf8.AppendRune(out, start|rune(p[i+1]))
			i += 2
		case lead == leadOther && i+3 < len(p):
			r := rune(binary.BigEndian.Uint32(p[i:]) & 0xFFFFFF)
			if r > notText {
				out = append(out, byte(r))
			} else {
				out = utf8.AppendRune(out, r)
			}
			i += 4
		default:
			return nil
		}
	}
	return out
}
