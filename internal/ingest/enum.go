package ingest

import (
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// enum reads cells in the words of a vocabulary.
type enum[S ~string] struct{ vocabulary.Enum[S] }

// read gives the value of a cell. Of several words, as in 失效-未缴年费, each must
// be known, and the last one counts.
func (e enum[S]) read(field string, value any) (out S, err error) {
	s, err := text(field, value)
	if err != nil || absent(s) {
		return "", err
	}
	if out, ok := e.Find(s); ok {
		return out, nil
	}
	ok := false
	for _, piece := range pieces(s, betweenWords) {
		if out, ok = e.Find(piece); !ok {
			break
		}
	}
	if !ok {
		return "", e.unknown(field, s)
	}
	return out, nil
}

// betweenWords divides a status from what is said besides.
const betweenWords = withCommas + "-－—/()（） "

// betweenModes divides ways of transfer, of which no word has one of these characters.
const betweenModes = withCommas + "/或和及与"

// list gives the values of a cell that has several, each once.
func (e enum[S]) list(field string, value any, nothing ...string) ([]S, error) {
	all, err := values(field, value, betweenModes)
	var out []S
	for i, s := range all {
		if absent(s) || slices.Contains(nothing, folded(s)) {
			continue
		}
		v, ok := e.Find(s)
		if !ok {
			err = match.Faults(err, e.unknown(at(field, i), s))
			continue
		}
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out, err
}

func (e enum[S]) unknown(field, s string) error {
	return match.Invalidf(field, "%q is not one of %s", shown(s), e.Listed())
}
