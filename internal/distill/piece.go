package distill

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
)

// ReadPieces reads from a tokenizer.json of Hugging Face, of the WordPiece model, what
// is always an entry: the Chinese characters, the Latin words and the inner pieces of
// Latin words. Errors are of kind Invalid.
func ReadPieces(r io.Reader) ([]string, error) {
	var file struct {
		Model struct {
			Vocab map[string]int `json:"vocab"`
		} `json:"model"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, &match.Error{Kind: match.Invalid, Field: "tokenizer", Reason: "has no vocabulary of WordPiece", Err: err}
	}
	var out []string
	for piece := range file.Model.Vocab {
		if isLatinPiece(piece) || isCharacter(piece) {
			out = append(out, piece)
		}
	}
	if len(out) == 0 {
		return nil, match.Invalidf("tokenizer", "has no Latin piece and no Chinese character")
	}
	slices.Sort(out)
	return out, nil
}

func isCharacter(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && isHan(r)
}

// isLatinPiece reports whether an entry is a word of a to z, or an inner piece of one.
func isLatinPiece(entry string) bool {
	word := strings.TrimPrefix(entry, static.Continuation)
	return word != "" && strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// characters are the most frequent Chinese characters of a word list, for where there
// is no tokeniser.
func characters(words []Word) []string {
	var out []string
	for _, w := range words {
		if isCharacter(w.Text) && len(out) < maxCharacters {
			out = append(out, w.Text)
		}
	}
	return out
}

const maxCharacters = 7000
