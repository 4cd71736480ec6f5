package verdict

import (
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// Ban is something that a demand rules out by its name: 甲苯 of 不得含有甲苯.
type Ban struct {
	Text  string // as the demand writes it
	names [][]rune
}

// Bans lists what a demand rules out by its name, in the order of its text.
func Bans(d match.Texts) (out []Ban) {
	for _, s := range []string{d.Title, d.Body} {
		folded := text.Folded(s)
		text.EachClause(s, func(_ string, at text.Range) bool {
			within := bansIn(folded, at)
			if barred(folded[at.Start:at.End]) != nil {
				within = []text.Range{{Start: at.Start, End: at.Start + len(trimmedRunes(folded[at.Start:at.End]))}}
			}
			for _, ban := range within {
				out = append(out, Ban{text.Slice(s, ban), barred(folded[ban.Start:ban.End])})
			}
			return true
		})
	}
	return out
}

// Named finds the first clause of a patent that names what is ruled out as its own, neither denying
// it (无溶剂) nor speaking of others (传统电镀); empty is nowhere.
func (b *Ban) Named(p *match.Patent) string {
	for _, s := range []string{p.Title, p.Abstract, p.Claims} {
		folded, found := []rune(nil), ""
		for _, name := range b.names {
			if folded == nil {
				folded = text.Folded(s)
			}
			if nameAt(folded, name, 0) < 0 {
				continue
			}
			text.EachClause(s, func(clause string, at text.Range) bool {
				if speaksOf(folded[at.Start:at.End], name) == stated {
					found = clause
				}
				return found == ""
			})
			if found != "" {
				return clipped(found)
			}
		}
	}
	return ""
}
