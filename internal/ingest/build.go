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
	// applicantKinds is told in a cell of its own, which may stand before or
	// behind the applicants.
	applicantKinds []match.ApplicantKind
	// kept lists the attributes that the row did not call so.
	kept []string
}

func newBuilder(kind match.Kind, tenant string) *builder {
	return &builder{kind: kind, tenant: tenant, visibility: match.Public}
}

// setter puts a value into its field. Field is the field's name, for errors, and
// unit what a bare number counts in.
type setter func(b *builder, field string, value any, unit float64) error

// fill sets every cell that is not absent.
func (b *builder) fill(cells []cell, targets []target) error {
	setters := patentSetters
	switch b.kind {
	case match.DemandKind:
		setters = demandSetters
	case LabelKind:
		setters = labelSetters
	}
	for i, c := range cells {
		if c.value == nil {
			continue
		}
		t := targets[i]
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
		if err := set(b, t.field, c.value, t.unit); err != nil {
			return err
		}
	}
	return b.applyApplicantKinds()
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
	if c.name == t.attribute {
		return b.keep(t.attribute, c.value)
	}
	return b.setAttribute(t.attribute, c.value)
}

// keep keeps a value that the record has no field for.
func (b *builder) keep(name string, value any) error {
	b.kept = append(b.kept, name)
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
