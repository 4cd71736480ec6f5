package intake

import (
	_ "embed" // the weights
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// The weights were learned from demands whose elements were marked by hand, by
// TestTheWeightsOfClausesAreWhatIsTaught, which rewrites the file with -update.
//
//go:embed clauses.json
var clausesFile []byte

// minClause is the number of letters below which a clause says nothing.
const minClause = 2

// Clause is a clause of a demand, without words that only say that something is wanted.
type Clause struct {
	// Field is "title" or "text", where Start and End count code points.
	Field      string
	Start, End int
	// Asks is the chance that the clause asks for something, and Kind what for, most likely.
	Asks float64
	Kind Kind
}

// Clauses tells for each clause of a demand whether it asks for something, complains of
// something, or tells how things are. Terms of business (样品, 面议) ask for nothing that a patent
// could give. They are in the order of the text, the title first.
func Clauses(t match.Texts) []Clause {
	m := clauseModel()
	var out []Clause
	for _, f := range []struct{ name, content string }{{"title", t.Title}, {"text", t.Body}} {
		r := newReading(f.name, f.content)
		for n, at := range r.clauses {
			if at = trimmed(r.runes, at); countLetters(r.runes[at.Start:at.End]) >= minClause {
				asks, kind := m.judge(r.features(n))
				if clause := r.runes[at.Start:at.End]; terms.within(clause) && !hasDigit(clause) {
					asks = 0
				}
				out = append(out, Clause{f.name, at.Start, at.End, asks, kind})
			}
		}
	}
	return out
}

// clauseWeights is a multinomial regression over no element, and the kinds.
type clauseWeights struct {
	Biases []float64            `json:"biases"`
	Marks  [][]float64          `json:"marks"` // by mark
	Grams  map[string][]float64 `json:"grams"`
}

var clauseModel = sync.OnceValue(func() *clauseWeights {
	m := &clauseWeights{}
	if err := json.Unmarshal(clausesFile, m); err != nil {
		panic(err) // a test reads the file
	}
	return m
})

// judge gives the chance that a clause asks for something, and the likeliest kind.
func (m *clauseWeights) judge(f clauseFeatures) (asks float64, kind Kind) {
	logits := slices.Clone(m.Biases)
	for i, v := range f.marks {
		if v != 0 {
			for k, w := range m.Marks[i] {
				logits[k] += w * v
			}
		}
	}
	for _, g := range f.grams {
		for k, w := range m.Grams[g] {
			logits[k] += w
		}
	}
	top, total, best := slices.Max(logits), 0.0, 1
	for k, l := range logits {
		total += math.Exp(l - top)
		if k > 0 && l > logits[best] {
			best = k
		}
	}
	return 1 - math.Exp(logits[0]-top)/total, Kinds[best-1]
}

// Marks of a clause, besides its words.
const (
	markTitle = iota
	markFirst
	markPlace  // from the beginning of the text (0) to its end (1)
	markLast   // the last clause
	markLong   // of a text of many clauses
	markDigit  // has a digit
	markSign   // has a sign of comparison
	markLength // in 40 code points, at most 2
	markHeading
	markQuestion
	markWish
	markComplaint
	markBackground
	markTerms
	markRuledOut
	markUses
	markOpener
	markWanted  // stands below a heading of what is wanted
	markTold    // or of how things are
	markBefore  // the clause before wishes
	markBeforeB // or tells how things are
	marks
)

// clauseFeatures is what the model sees of a clause.
type clauseFeatures struct {
	marks [marks]float64
	grams []string // each once, in order
}

// reading is a field of a demand with its clauses.
type reading struct {
	title   bool
	runes   []rune // folded
	clauses []text.Range
	// under is by clause the kind of heading above it: 1 what is wanted, −1 how things
	// are, 0 none.
	under []int
}

func newReading(field, content string) *reading {
	r := &reading{title: field == "title", runes: folded(content), clauses: text.Clauses(content)}
	for n := range r.clauses {
		r.clauses[n].Start += numbered(r.clause(n))
	}
	under := 0
	for n := range r.clauses {
		if clause := r.clause(n); r.isHeading(n) {
			switch {
			case wantedHeadings.within(clause):
				under = 1
			case toldHeadings.within(clause):
				under = -1
			}
		}
		r.under = append(r.under, under)
	}
	return r
}

// numbering stands before an item of a list: 1、 or (2) or ③.
var numbering = regexp.MustCompile(`^ *(?:[(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:[)、:]|\.(?:[^0-9]))|[①-⑳]|[(][a-z][)]) *`)

// numbered gives the number of code points that number a clause, unless that is all of it.
func numbered(clause []rune) int {
	m := numbering.FindString(string(clause))
	n := utf8.RuneCountInString(m)
	if strings.Contains(m, ".") && !strings.HasSuffix(m, ".") && !strings.HasSuffix(m, " ") { // the letter behind the point
		n--
	}
	if n >= len(clause) {
		return 0
	}
	return n
}

func (r *reading) clause(n int) []rune { return r.runes[r.clauses[n].Start:r.clauses[n].End] }

// maxHeading is the number of letters that a heading has at most.
const maxHeading = 12

func (r *reading) isHeading(n int) bool {
	clause := r.clause(n)
	last := clause[len(clause)-1]
	return countLetters(clause) <= maxHeading && (last == ':' || wantedHeadings.within(clause) || toldHeadings.within(clause))
}

func (r *reading) features(n int) clauseFeatures {
	var f clauseFeatures
	clause, of := r.clause(n), len(r.clauses)
	f.marks[markTitle] = is(r.title)
	f.marks[markFirst], f.marks[markLast] = is(n == 0 && !r.title), is(n == of-1 && !r.title)
	f.marks[markPlace], f.marks[markLong] = float64(n)/float64(of), is(of > 12)
	f.marks[markDigit] = is(hasDigit(clause))
	f.marks[markSign] = is(slices.ContainsFunc(clause, func(c rune) bool { return c == '≥' || c == '≤' || c == '<' || c == '>' }))
	f.marks[markLength] = min(2, float64(len(clause))/40)
	f.marks[markHeading] = is(r.isHeading(n))
	f.marks[markQuestion] = is(clause[len(clause)-1] == '?')
	f.marks[markWish], f.marks[markComplaint] = is(wishes.within(clause)), is(complaints.within(clause))
	f.marks[markBackground], f.marks[markTerms] = is(background.within(clause)), is(terms.within(clause))
	f.marks[markRuledOut], f.marks[markUses] = is(ruledOut.within(clause)), is(uses.within(clause))
	f.marks[markOpener] = is(openers.at(clause, 0) > 0)
	f.marks[markWanted], f.marks[markTold] = is(r.under[n] > 0), is(r.under[n] < 0)
	if n > 0 {
		f.marks[markBefore], f.marks[markBeforeB] = is(wishes.within(r.clause(n-1))), is(background.within(r.clause(n-1)))
	}
	f.grams = grams(clause)
	return f
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// grams gives the characters of a clause, its Latin words and numbers, and any two of them side by side. All
// numbers are one.
func grams(clause []rune) []string {
	var out []string
	before := "" // the piece right before; empty behind punctuation
	for i := 0; i < len(clause); {
		end := i + 1
		switch r := clause[i]; {
		case isDigit(r):
			end = lastOf(clause, i, isDigit)
		case isLatin(r):
			end = lastOf(clause, i, isLatin)
		case r == ' ':
			i = end
			continue
		case !unicode.IsLetter(r):
			before, i = "", end
			continue
		}
		piece := string(clause[i:end])
		if isDigit(clause[i]) {
			piece = "0"
		}
		out = append(out, piece)
		if before != "" {
			out = append(out, before+" "+piece)
		}
		before, i = piece, end
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lastOf gives the end of the run of code points of a sort that begins at i.
func lastOf(clause []rune, i int, is func(rune) bool) int {
	for i < len(clause) && is(clause[i]) {
		i++
	}
	return i
}
