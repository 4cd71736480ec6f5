package wording

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// Limits of what is taken of an answer.
const (
	maxSentences = 6
	maxLength    = 240 // code points of a sentence in either language
)

var errNonsense = errors.New("the model did not answer with the sentences asked for")

// read takes the sentences of an answer that cite what they say, and counts the others.
func read(answer string, spans []cited) (kept []match.Sentence, dropped int, err error) {
	var reply struct {
		Sentences []struct {
			ZH, EN string
			Cites  []string
		}
	}
	if !chat.Read(answer, &reply) {
		return nil, 0, errNonsense
	}
	for _, s := range reply.Sentences {
		one := match.Sentence{Text: match.LocalText{ZH: chat.Sentence(s.ZH), EN: chat.Sentence(s.EN)}}
		ok := len(s.Cites) > 0
		for _, id := range s.Cites {
			at := slices.IndexFunc(spans, func(c cited) bool { return c.id == id })
			if ok = ok && at >= 0; !ok {
				break
			}
			if !slices.Contains(one.Cites, spans[at].span) {
				one.Cites = append(one.Cites, spans[at].span)
			}
		}
		if !ok || !sound(&one) || len(kept) == maxSentences {
			dropped++
			continue
		}
		kept = append(kept, one)
	}
	return kept, dropped, nil
}

// sound tells whether a sentence can be shown: in at least one language, of some length,
// without links, and with no figure that it does not cite.
func sound(s *match.Sentence) bool {
	if s.Text.ZH == "" && s.Text.EN == "" {
		return false
	}
	var said strings.Builder
	for _, c := range s.Cites {
		said.WriteString(c.Text)
		said.WriteByte('\n')
	}
	figures := figuresOf(said.String())
	for _, t := range []string{s.Text.ZH, s.Text.EN} {
		lower := strings.ToLower(t)
		if utf8.RuneCountInString(t) > maxLength || strings.Contains(lower, "http") || strings.Contains(lower, "www.") || strings.ContainsAny(t, "@<>") {
			return false
		}
		for f := range figuresOf(t) {
			if !figures[f] {
				return false
			}
		}
	}
	return true
}

// figuresOf is the set of numbers of a text, as written.
func figuresOf(s string) map[string]bool {
	out := map[string]bool{}
	runes := text.Folded(s)
	digit := func(i int) bool { return i >= 0 && i < len(runes) && '0' <= runes[i] && runes[i] <= '9' }
	for i := 0; i < len(runes); i++ {
		if !digit(i) {
			continue
		}
		from := i
		for digit(i+1) || i+1 < len(runes) && (runes[i+1] == '.' || runes[i+1] == ',') && digit(i+2) {
			i++
		}
		out[strings.ReplaceAll(string(runes[from:i+1]), ",", "")] = true
	}
	return out
}
