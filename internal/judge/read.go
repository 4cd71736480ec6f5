package judge

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// Fault is why a proposal was dropped; see the package.
type Fault string

// The faults.
const (
	Hidden   Fault = "hidden"
	Suspect  Fault = "suspect"
	Nonsense Fault = "nonsense"
	Uncited  Fault = "uncited"
	Unsound  Fault = "unsound"
	Failed   Fault = "failed"
)

// Faults lists all of them.
var Faults = []Fault{Hidden, Suspect, Nonsense, Uncited, Unsound, Failed}

// Limits of what is taken of an answer, in code points.
const (
	leastQuote = 4
	mostQuote  = 200
	mostWhy    = 200
)

// proposal is an answer that stands up.
type proposal struct {
	level               match.Level
	demand, patent, why string
}

// reason is what is kept with the label: the two quotations, and the sentence.
func (p proposal) reason() string {
	out := "需求「" + p.demand + "」；专利「" + p.patent + "」"
	if p.why != "" {
		out += "：" + p.why
	}
	return out
}

// read takes an answer apart, and holds it against what was sent.
func read(answer string, demand, patent sent) (proposal, Fault) {
	var reply struct {
		Level       json.Number
		Demand, Why string
		Patent      string
	}
	if !chat.Read(answer, &reply) {
		return proposal{}, Nonsense
	}
	level, err := reply.Level.Int64()
	if err != nil || level < int64(match.NoFit) || level > int64(match.StrongFit) {
		return proposal{}, Nonsense
	}
	out := proposal{level: match.Level(level), why: chat.Sentence(reply.Why)}
	var ok bool
	if out.demand, ok = quoted(reply.Demand, demand); !ok {
		return out, Uncited
	}
	if out.patent, ok = quoted(reply.Patent, patent); !ok {
		return out, Uncited
	}
	if !sound(out.why, demand, patent) {
		return out, Unsound
	}
	return out, ""
}

// quoted finds a quotation in what was sent, and gives it as it stands there. Letters and
// white space may differ in form, nothing else.
func quoted(quote string, in sent) (string, bool) {
	want := squeezed(quote)
	if n := len(want.runes); n < leastQuote || n > mostQuote {
		return "", false
	}
	for _, t := range []string{in.Title, in.Text} {
		have := squeezed(t)
		at := strings.Index(string(have.runes), string(want.runes))
		if at < 0 {
			continue
		}
		first := utf8.RuneCountInString(string(have.runes)[:at])
		return string([]rune(t)[have.places[first] : have.places[first+len(want.runes)-1]+1]), true
	}
	return "", false
}

// squeeze is a text without white space, folded, and where each code point stood.
type squeeze struct {
	runes  []rune
	places []int
}

func squeezed(s string) (out squeeze) {
	for i, r := range text.Folded(s) {
		if r != ' ' && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) {
			out.runes, out.places = append(out.runes, r), append(out.places, i)
		}
	}
	return out
}

var figure = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// sound tells whether a reason can be shown: short, without links and markup, and with no
// figure that the texts do not have.
func sound(why string, demand, patent sent) bool {
	folded := string(text.Folded(why))
	if utf8.RuneCountInString(why) > mostWhy || strings.Contains(folded, "http") || strings.Contains(folded, "www.") || strings.ContainsAny(folded, "@<>") {
		return false
	}
	all := string(text.Folded(strings.Join([]string{demand.Title, demand.Text, patent.Title, patent.Text}, "\n")))
	known := map[string]bool{}
	for _, f := range figure.FindAllString(all, -1) {
		known[f] = true
	}
	for _, f := range figure.FindAllString(folded, -1) {
		if !known[f] {
			return false
		}
	}
	return true
}
