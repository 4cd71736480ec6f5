package chat

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Asker answers instructions on data. *Client is one.
type Asker interface {
	Ask(ctx context.Context, instructions, data string) (Answer, error)
}

// Read takes the JSON object out of the text of an answer, whatever stands around it, and
// tells whether there was one of the form of into.
func Read(answer string, into any) bool {
	from, to := strings.IndexByte(answer, '{'), strings.LastIndexByte(answer, '}')
	return from >= 0 && to >= from && json.Unmarshal([]byte(answer[from:to+1]), into) == nil
}

// Sentence takes out of s what no sentence has: line breaks, control and format characters.
func Sentence(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)), " ")
}

// Beginning is the first n code points of s.
func Beginning(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n])
	}
	return s
}
