package ingest

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// mistaken tells that the names of an input's columns are those of another kind: at
// least one is a field of that kind alone, and three times as many as are fields of
// the kind that was named. Demands have enough in common with patents (an id and a
// title) to be read as such without a fault. Who maps columns has looked at them.
func (c *columns) mistaken(names []string) error {
	if len(c.mapped) > 0 {
		return nil
	}
	for _, other := range []match.Kind{match.PatentKind, match.DemandKind, LabelKind, EventKind} {
		if other == c.kind {
			continue
		}
		theirs := aliasesOf(other)
		var own, foreign []string
		for _, name := range names {
			_, here := c.find(name)
			_, there := theirs[normalised(name)]
			switch {
			case here && !there:
				own = append(own, name)
			case there && !here:
				foreign = append(foreign, name)
			}
		}
		if len(foreign) > 0 && len(foreign) >= 3*len(own) {
			return match.Invalidf("kind", "holds %s rather than %s: of its columns %s are fields of the former and %s of the latter; import it with duijie import --kind %s, or add --force-kind if it is meant so",
				plural(other), plural(c.kind), strings.Join(foreign, ", "), orNone(own), plural(other).EN)
		}
	}
	return nil
}

func plural(kind match.Kind) match.LocalText {
	words := kindWords(kind)
	return match.LocalText{ZH: words.ZH, EN: words.EN + "s"}
}

func orNone(names []string) match.LocalText {
	if len(names) == 0 {
		return match.LocalText{ZH: "（无）", EN: "none"}
	}
	listed := strings.Join(names, ", ")
	return match.LocalText{ZH: listed, EN: listed}
}

// namesWithin is how many rows of JSON are looked at for their names, as such rows
// have no header.
const namesWithin = 20

// ahead is a source whose first rows were looked at.
type ahead struct {
	source
	rows []rawRow
	err  error // what came behind them
}

func (a *ahead) next() (rawRow, error) {
	if len(a.rows) > 0 {
		row := a.rows[0]
		a.rows = a.rows[1:]
		return row, nil
	}
	if a.err != nil {
		return rawRow{}, a.err
	}
	return a.source.next()
}

// lookAhead gives the names in the first rows, and a source that begins with them.
func lookAhead(s source) (*ahead, []string) {
	out := &ahead{source: s}
	var names []string
	for len(out.rows) < namesWithin && out.err == nil {
		var row rawRow
		if row, out.err = s.next(); out.err != nil {
			break
		}
		out.rows = append(out.rows, row)
		if row.err == nil {
			s.parse(&row) // a copy: it is parsed again
		}
		for _, c := range row.cells {
			if !slices.Contains(names, c.name) && !empty(c.value) && len(names) < maxFastMembers {
				names = append(names, c.name)
			}
		}
	}
	return out, names
}
