package ingest

import "github.com/duijie/duijie/internal/match"

// builder makes one record of the cells of a row.
type builder struct {
	kind   match.Kind
	tenant string

	visibility match.Visibility
	withdrawn  bool
	attributes map[string]string
	rating     *match.Rating
	patent     match.Patent
	demand     match.Demand
	label      match.Label
	event      match.Event
	unjudged   bool   // the label's level has a cell, which is empty
	column     string // of the cell that is being set
	// applicantKinds is told in a cell of its own, which may stand before or
	// behind the applicants.
	applicantKinds []match.ApplicantKind
	kept           kept
}

func newBuilder(kind match.Kind, tenant string) *builder {
	return &builder{kind: kind, tenant: tenant, visibility: match.Public}
}

// setter puts a value into its field. Field is the field's name, for errors, and
// unit what a bare number counts in.
type setter func(b *builder, field string, value any, unit float64) error

// fill sets every cell that is not absent, and joins what is wrong with them.
func (b *builder) fill(cells []cell, targets []target) error {
	setters := patentSetters
	switch b.kind {
	case match.DemandKind:
		setters = demandSetters
	case LabelKind:
		setters = labelSetters
	case EventKind:
		setters = eventSetters
	}
	var faults []error // of most rows none
	for i, c := range cells {
		if c.value == nil {
			b.unjudged = b.unjudged || b.kind == LabelKind && targets[i].field == "level"
			continue
		}
		t := targets[i]
		if t.ignored {
			continue
		}
		if t.spare.field != "" && standsIn(i, cells, targets) {
			t.field = t.spare.field
		}
		set := setters[t.field]
		if set == nil {
			set = envelopeSetters[t.field]
		}
		if set == nil {
			set = func(b *builder, _ string, _ any, _ float64) error { return b.attribute(c, t) }
		}
		b.column = c.name
		if err := set(b, t.field, c.value, t.unit); err != nil {
			faults = append(faults, err)
		}
	}
	if err := b.applyApplicantKinds(); err != nil {
		faults = append(faults, err)
	}
	return match.Faults(faults...)
}

// standsIn tells whether cell i, a spare of some field, is the first of the
// field's cells that is not empty. An application without publication number
// has its application number this way.
func standsIn(i int, cells []cell, targets []target) bool {
	spare := targets[i].spare
	for k, t := range targets {
		ahead := t.field == spare.field || t.spare.field == spare.field &&
			(t.spare.rank < spare.rank || t.spare.rank == spare.rank && k < i)
		if ahead && !empty(cells[k].value) {
			return false
		}
	}
	return !empty(cells[i].value)
}

// attribute keeps what has no field, and counts it unless the row itself called
// it an attribute.
func (b *builder) attribute(c cell, t target) error {
	b.noticeContact(c)
	if c.name == t.attribute {
		return b.keep(t.attribute, c.value)
	}
	return b.setAttribute(t.attribute, c.value)
}

// kept is what of a row became attributes, though the row did not call it so.
type kept struct {
	columns []string // that have no field, or stand beside one that has it
	values  []keptValue
	// shortened are values of which a field has less than they say.
	shortened []keptValue
	// withheld are the columns because of which something is confidential.
	withheld []string
	contacts []string // columns of a patent with data of contact
}

// keptValue is a value that its field cannot hold, or not whole.
type keptValue struct{ field, value string }

// keep keeps a column that the record has no field for.
func (b *builder) keep(name string, value any) error {
	b.kept.columns = append(b.kept.columns, name)
	return b.setAttribute(name, value)
}

// keepValue keeps a value that the field named name has no form for, such as the
// name of an unknown region.
func (b *builder) keepValue(name string, value any) error {
	b.kept.values = append(b.kept.values, keptValue{name, shown(value)})
	return b.setAttribute(name, value)
}

func (b *builder) setAttribute(name string, value any) error {
	if _, twice := b.attributes[name]; twice {
		return match.Invalidf(attributesPrefix+name, "is given twice")
	}
	if b.attributes == nil {
		b.attributes = map[string]string{}
	}
	b.attributes[name] = attribute(value)
	return nil
}

// record gives the record, which is not validated yet.
func (b *builder) record() match.Record {
	var out match.Record
	if b.kind == match.PatentKind {
		b.patent.Attributes, b.patent.Rating = b.attributes, b.rating
		out = match.NewPatent(b.tenant, b.patent)
	} else {
		b.demand.Attributes, b.demand.Rating = b.attributes, b.rating
		out = match.NewDemand(b.tenant, b.demand)
	}
	out.Visibility, out.Withdrawn = b.visibility, b.withdrawn
	return out
}
