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

// FirstNamed finds the first of some bans whose name a patent has as its own, neither denying it (无溶剂)
// nor speaking of others (传统电镀), and the first clause that has it; clause is empty where there is none.
func FirstNamed(bans []Ban, p *match.Patent) (first Ban, clause string) {
	if len(bans) == 0 {
		return first, ""
	}
	fields := []string{p.Title, p.Abstract, p.Claims}
	folded := make([][]rune, len(fields))
	for i, s := range fields {
		folded[i] = text.Folded(s)
	}
	for _, b := range bans {
		for i, s := range fields {
			if clause := b.namedIn(s, folded[i]); clause != "" {
				return b, clipped(clause)
			}
		}
	}
	return first, ""
}

// namedIn finds the first clause of a text, which is folded too, that has a name as its own.
func (b *Ban) namedIn(s string, folded []rune) (found string) {
	for _, name := range b.names {
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
			break
		}
	}
	return found
}
