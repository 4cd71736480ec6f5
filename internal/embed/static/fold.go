package static

// fold maps a character to the one that stands for it in the vocabulary: half
// width, lower case, plain digits. evaluation/distill/tokens.py does the same.
func fold(r rune) rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			return r + 0x20
		}
		return r
	case r < 0x500:
		return foldAlphabetic(r)
	case r < 0x2000:
		return r
	case r < 0x2130:
		return foldSymbol(r)
	case r == 0x3000:
		return ' '
	case 0xFF01 <= r && r <= 0xFF5E:
		return fold(r - 0xFEE0)
	}
	return r
}

// foldAlphabetic lowers Latin-1, Greek and Cyrillic capitals.
func foldAlphabetic(r rune) rune {
	switch {
	case 0xC0 <= r && r <= 0xDE && r != 0xD7,
		0x391 <= r && r <= 0x3A9,
		0x410 <= r && r <= 0x42F:
		return r + 0x20
	case r == 0xA0:
		return ' '
	case r == 0xB5: // micro sign
		return 'μ'
	case r == 0xB2, r == 0xB3:
		return r - 0xB0 + '0'
	case r == 0xB9:
		return '1'
	}
	return r
}

// foldSymbol plains raised and lowered digits and the letters that are signs.
func foldSymbol(r rune) rune {
	switch {
	case r == 0x2070, 0x2074 <= r && r <= 0x2079:
		return r - 0x2070 + '0'
	case 0x2080 <= r && r <= 0x2089:
		return r - 0x2080 + '0'
	case r == 0x2126: // ohm
		return 'ω'
	case r == 0x212A: // kelvin
		return 'k'
	case r == 0x212B: // ångström
		return 'å'
	}
	return r
}

func isLatin(r rune) bool {
	return 'a' <= r && r <= 'z' || 0xDF <= r && r <= 0x24F && r != 0xF7
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// splits reports whether a cut before text[at] would split a Latin word or a
// number.
func splits(text []rune, at int) bool {
	if at <= 0 || at >= len(text) {
		return false
	}
	a, b := text[at-1], text[at]
	return isLatin(a) && isLatin(b) || isDigit(a) && isDigit(b)
}
