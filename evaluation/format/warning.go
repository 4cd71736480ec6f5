package format

import (
	"fmt"
	"strings"
)

// Error is a line that cannot be read.
type Error struct {
	File    string
	Line    int // from 1; 0 for the file as a whole
	Problem string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Problem
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Problem)
}

// Kind is a kind of repair, or of doubt.
type Kind string

// The repairs.
const (
	BlankLine      Kind = "blank lines were skipped"
	CarriageReturn Kind = "carriage returns at the end of lines were dropped"
	ByteOrderMark  Kind = "a byte order mark was dropped"
	NoHeader       Kind = "the header is missing"
	DecimalLevel   Kind = "levels are written as decimals"
	MixedSeparator Kind = "lines are separated by tabs and by spaces in turn"
	RepeatedPair   Kind = "judged pairs that repeat another with the same level were dropped"
	RankContradict Kind = "ranks contradict the order of scores"
	UnknownQuery   Kind = "lines with an unknown query were skipped"
	UnknownDoc     Kind = "lines with an unknown document were skipped"
	AddedDoc       Kind = "documents that no corpus names were added"
	DerivedLabel   Kind = "labels of a model or of events were left out: experts' alone count"
	Disagreement   Kind = "pairs that raters judged differently got the lower median level"
)

// TrainedOn is no repair: it makes the figures of a model doubtful.
const TrainedOn Kind = "pairs were among the model's training labels: each was scored without its own label, but the figures are still too good"

// NotReranked is no repair either: the chat model gave no order, or not in time.
const NotReranked Kind = "queries were not re-ranked, and stay as the fusion has them"

// Warning is a repair, with how often it was made and where first; or a doubt about
// a model, with how many pairs it concerns.
type Warning struct {
	Kind  Kind
	File  string
	Line  int // the first; 0 if it concerns no line
	Count int
	Model string // that it is about; empty for a repair of a file
}

func (w Warning) String() string {
	return fmt.Sprintf("%s: %s (%d)", w.Where(), w.Kind, w.Count)
}

// Where is FILE:LINE, after "MODEL, " where the warning is about one.
func (w Warning) Where() string {
	where := w.File
	if w.Line > 0 {
		where = fmt.Sprintf("%s:%d", where, w.Line)
	}
	if w.Model != "" {
		where = w.Model + ", " + where
	}
	return where
}

// Warnings are the repairs of one or several files, in the order in which each
// kind first occurred.
type Warnings []Warning

// Count is how often a kind of repair was made, over all files.
func (w Warnings) Count(kind Kind) int {
	n := 0
	for _, one := range w {
		if one.Kind == kind {
			n += one.Count
		}
	}
	return n
}

func (w Warnings) String() string {
	lines := make([]string, len(w))
	for i, one := range w {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// add counts n repairs, the first of them at line.
func (w *Warnings) add(kind Kind, file string, line, n int) {
	if n == 0 {
		return
	}
	for i := range *w {
		if one := &(*w)[i]; one.Kind == kind && one.File == file {
			one.Count += n
			return
		}
	}
	*w = append(*w, Warning{Kind: kind, File: file, Line: line, Count: n})
}
