package ingest

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// columns finds the field for each column of an input.
type columns struct {
	kind    match.Kind
	aliases map[string]alias
	mapped  map[string]string // a column's name, normalised, to its field
	spelled map[string]string // and to the name as it was given

	// The plan of the last row; rows of one table have the same names.
	names   []string
	targets []target
	// Plans of other rows by their names: objects leave out what they do not have.
	plans map[string][]target
	key   []byte
}

// maxPlans bounds the plans that are remembered.
const maxPlans = 1000

// alias is what a name stands for. Where several columns stand for one field, the
// one with the lowest rank has it.
type alias struct {
	field string
	rank  int
}

// target is where a cell goes: a field, or else the attribute of that name.
type target struct {
	ignored   bool // the reason of a row that was rejected before
	field     string
	attribute string
	unit      float64 // yuan of a bare number in the column
	// An attribute with the name of a field that another column has stands in
	// for it in rows where that is empty; the lowest rank does so first.
	spare alias
}

const attributesPrefix = "attributes."

// newColumns knows the built-in names and those of options.Map, whose fields may
// be written as any of their names.
func newColumns(kind match.Kind, byField map[string]string) (*columns, error) {
	c := &columns{kind: kind, aliases: aliasesOf(kind), mapped: map[string]string{}, spelled: map[string]string{}}
	for _, field := range slices.Sorted(maps.Keys(byField)) {
		known, ok := c.aliases[normalised(field)]
		switch {
		case strings.HasPrefix(field, attributesPrefix):
			known.field = field
		case !ok:
			return nil, match.Invalidf("map", "%q is not a field of a %s; there are %s", field, kindWords(kind), strings.Join(fieldsOf(kind), ", "))
		}
		name := normalised(byField[field])
		if other, twice := c.mapped[name]; twice {
			return nil, match.Invalidf("map", "the column %q is given to both %s and %s", byField[field], other, known.field)
		}
		c.mapped[name], c.spelled[name] = known.field, byField[field]
	}
	return c, nil
}

// normalised is a name for comparing: half width, lower case, without white
// space, underscores, hyphens and a mark for required columns.
func normalised(name string) string {
	name = strings.ToLower(vocabulary.HalfWidth(name))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-*:\t\r\n\u3000\ufeff", r) {
			return -1
		}
		return r
	}, name)
}

// find gives what a column's name stands for. What is in brackets at its end, such
// as a unit, is looked at only where the whole name is not known.
func (c *columns) find(name string) (alias, bool) {
	whole := normalised(name)
	if field, ok := c.mapped[whole]; ok {
		return alias{field, -1}, true
	}
	if strings.HasPrefix(name, attributesPrefix) {
		return alias{}, false
	}
	if a, ok := c.aliases[whole]; ok {
		return a, true
	}
	bare, _, _ := strings.Cut(whole, "(")
	a, ok := c.aliases[bare]
	a.rank += len(c.aliases) // behind every whole name
	return a, ok
}

// plan gives the target of each cell.
func (c *columns) plan(cells []cell) []target {
	if len(cells) == len(c.names) && !slices.ContainsFunc(cells, c.differs()) {
		return c.targets
	}
	c.names = c.names[:0]
	for _, cell := range cells {
		c.names = append(c.names, cell.name)
	}
	c.key = c.key[:0]
	for _, name := range c.names {
		c.key = append(binary.AppendUvarint(c.key, uint64(len(name))), name...)
	}
	var known bool
	if c.targets, known = c.plans[string(c.key)]; !known {
		c.targets = c.resolve(c.names)
		if c.plans == nil || len(c.plans) == maxPlans {
			c.plans = map[string][]target{}
		}
		c.plans[string(c.key)] = c.targets
	}
	return c.targets
}

// differs compares cells with the names of the last plan, in order.
func (c *columns) differs() func(cell) bool {
	i := -1
	return func(cell cell) bool { i++; return cell.name != c.names[i] }
}

func (c *columns) resolve(names []string) []target {
	best := map[string]int{} // field to the place of its column
	found := make([]alias, len(names))
	for i, name := range names {
		a, ok := c.find(name)
		if !ok {
			continue
		}
		found[i] = a
		if other, taken := best[a.field]; !taken || a.rank < found[other].rank {
			best[a.field] = i
		}
	}
	out := make([]target, len(names))
	for i, name := range names {
		field := found[i].field
		switch {
		case name == ReasonColumn:
			out[i].ignored = true
		case field != "" && best[field] == i && !strings.HasPrefix(field, attributesPrefix):
			out[i] = target{field: field, unit: unitOf(name)}
		case field != "" && best[field] == i:
			out[i].attribute = strings.TrimPrefix(field, attributesPrefix)
		default:
			out[i] = target{attribute: strings.TrimPrefix(name, attributesPrefix), unit: unitOf(name), spare: found[i]}
		}
	}
	return out
}

// unitOf reads the unit in a header such as 预算（万元）.
func unitOf(name string) float64 {
	name = normalised(name)
	_, inner, _ := strings.Cut(name, "(")
	inner = strings.TrimPrefix(strings.TrimSuffix(inner, ")"), "单位")
	switch strings.TrimSuffix(inner, "元") {
	case "万", "人民币万":
		return 1e4
	case "千":
		return 1e3
	case "百万":
		return 1e6
	case "亿":
		return 1e8
	}
	return 1
}

// check reports columns of Map that are not in the header, and required fields
// without a column.
func (c *columns) check(header []string) error {
	for _, name := range slices.Sorted(maps.Keys(c.mapped)) {
		if !slices.ContainsFunc(header, func(h string) bool { return normalised(h) == name }) {
			return match.Invalidf(c.mapped[name], "there is no column %q; the columns are %s", c.spelled[name], strings.Join(header, ", "))
		}
	}
	have := map[string]bool{}
	for _, t := range c.resolve(header) {
		have[t.field] = true
	}
	for _, choice := range requiredFields[c.kind] {
		if !slices.ContainsFunc(choice, func(f string) bool { return have[f] }) {
			return match.Invalidf(choice[0], "no column holds the %s; found %s; name it with --map %s=COLUMN",
				match.LocalText{ZH: strings.Join(choice, " 或 "), EN: strings.Join(choice, " or ")}, strings.Join(header, ", "), choice[0])

		}
	}
	return nil
}

// requiredFields lists for each requirement the fields that meet it.
var requiredFields = map[match.Kind][][]string{
	match.PatentKind: {{"number"}, {"title"}},
	match.DemandKind: {{"id"}, {"title", "text"}},
	LabelKind:        {{"demand_id"}, {"patent_number"}, {"level"}},
	EventKind:        {{"demand_id"}, {"patent_number"}, {"type"}, {"side"}},
}
