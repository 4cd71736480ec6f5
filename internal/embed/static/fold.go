package static

// fold maps a character to the one that stands for it in the vocabulary: half
// width, lower case, plain digits.
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

// Fold folds a text as it is folded before it is cut: half width, lower case, plain
// digits, one character to one character.
func Fold(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		runes[i] = fold(r)
	}
	return string(runes)
}

// IsLatin reports whether a folded character is a letter of a Latin word.
func IsLatin(r rune) bool { return isLatin(r) }

// IsDigit reports whether a folded character is a digit.
func IsDigit(r rune) bool { return isDigit(r) }

func isLatin(r rune) bool {
	return 'a' <= r && r <= 'z' || 0xDF <= r && r <= 0x24F && r != 0xF7
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
