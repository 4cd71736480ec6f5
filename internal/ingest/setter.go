package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

var envelopeSetters = map[string]setter{
	"tenant": func(b *builder, field string, value any, _ float64) (err error) {
		b.tenant, err = code(field, value)
		return err
	},
	"visibility": func(b *builder, field string, value any, _ float64) error {
		v, err := enum[match.Visibility]{vocabulary.Visibilities}.read(field, value)
		if v != "" {
			b.visibility = v
		}
		return err
	},
	"withdrawn": func(b *builder, field string, value any, _ float64) (err error) {
		b.withdrawn, err = truth(field, value)
		return err
	},
	"rating.mean": func(b *builder, field string, value any, _ float64) (err error) {
		b.rated().Mean, err = number(field, value)
		return err
	},
	"rating.count": func(b *builder, field string, value any, _ float64) (err error) {
		b.rated().Count, err = integer(field, value)
		return err
	},
	"rating":     notObject,
	"attributes": notObject,
}

func (b *builder) rated() *match.Rating {
	if b.rating == nil {
		b.rating = &match.Rating{}
	}
	return b.rating
}

// notObject is for fields whose members are set one by one.
func notObject(_ *builder, field string, value any, _ float64) error {
	if o, ok := value.(object); ok && len(o) == 0 {
		return nil
	}
	return wrongType(field, value, "an object")
}

// The setters of common types. Each takes a function that gives the field's place.

func setText(place func(*builder) *string) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		*place(b), err = text(field, value)
		return err
	}
}

func setCode(place func(*builder) *string) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		if _, ok := value.(string); ok {
			return setText(place)(b, field, value, 0)
		}
		*place(b), err = code(field, value)
		return err
	}
}

// setID takes white space off the ends, where no id has any.
func setID(place func(*builder) *string) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		*place(b), err = code(field, value)
		return err
	}
}

// setNumber takes a patent's number in any of its spellings.
func setNumber(place func(*builder) *string) setter {
	return func(b *builder, field string, value any, unit float64) error {
		err := setID(place)(b, field, value, unit)
		*place(b) = match.NormaliseNumber(*place(b))
		return err
	}
}

func setDate(place func(*builder) *match.Date) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		if absent(value) {
			return nil
		}
		*place(b), err = date(field, value)
		return err
	}
}

func setEnum[S ~string](words vocabulary.Enum[S], place func(*builder) *S) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		*place(b), err = enum[S]{words}.read(field, value)
		return err
	}
}

// setStatus keeps words that say more than the status besides, such as 部分无效.
func setStatus(place func(*builder) *match.LegalStatus) setter {
	return func(b *builder, field string, value any, unit float64) error {
		if err := setEnum(vocabulary.LegalStatuses, place)(b, field, value, unit); err != nil {
			return err
		}
		if s, ok := value.(string); ok && slices.ContainsFunc(pieces(s, betweenWords), vocabulary.SaysMore) {
			return b.setAttribute(field, value)
		}
		return nil
	}
}

func setInt(place func(*builder) *int) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		if absent(value) {
			return nil
		}
		*place(b), err = integer(field, value)
		return err
	}
}

// setModes takes 不限 for any mode, which is none named. Words that say more than their
// mode, such as which kind of licence, are kept as an attribute besides.
func setModes(place func(*builder) *[]match.TransferMode) setter {
	return func(b *builder, field string, value any, _ float64) (err error) {
		*place(b), err = enum[match.TransferMode]{vocabulary.TransferModes}.list(field, value, "不限", "均可", "any")
		if err != nil {
			return err
		}
		all, _ := values(field, value, betweenModes)
		if slices.ContainsFunc(all, vocabulary.SaysMore) {
			return b.setAttribute(field, value)
		}
		return nil
	}
}

// setMoney keeps words in place of an amount, which no range can say, as an attribute, and an
// amount for a year or the like besides.
func setMoney(place func(*builder) **match.MoneyRange) setter {
	return func(b *builder, field string, value any, unit float64) error {
		if isWordy(value) {
			return b.keepValue(field, value)
		}
		if o, ok := value.(object); ok && len(o) == 0 {
			return nil
		}
		m, err := money(field, value, unit)
		if m != nil {
			if *place(b) != nil {
				return match.Invalidf(field, "is given both as a range and by its ends")
			}
			*place(b) = m
			if s, ok := value.(string); ok && withoutPeriod(folded(s)) != folded(s) {
				return b.setAttribute(field, value)
			}
		}
		return err
	}
}

// setEnd sets one end of a range, or keeps words in its place as an attribute.
func setEnd(place func(*builder) **match.MoneyRange, end func(*match.MoneyRange) *int64) setter {
	return func(b *builder, field string, value any, unit float64) error {
		if isWordy(value) {
			return b.keepValue(field, value)
		}
		v, known, err := yuan(field, value, unit)
		if !known || err != nil {
			return err
		}
		if *place(b) == nil {
			*place(b) = &match.MoneyRange{}
		}
		*end(*place(b)) = v
		return nil
	}
}

func lowEnd(m *match.MoneyRange) *int64  { return &m.Min }
func highEnd(m *match.MoneyRange) *int64 { return &m.Max }

// setRegion keeps the name of a region that has no code here as an attribute, and notes
// names that say more than their code. An address is kept whole besides.
func setRegion(place func(*builder) *string) setter {
	return func(b *builder, field string, value any, _ float64) error {
		s, err := code(field, value)
		if err != nil || absent(s) {
			return err
		}
		region, ok := vocabulary.PlaceOf(s)
		if !ok {
			return b.keepValue("region", s)
		}
		if region.Dropped != "" {
			b.kept.shortened = append(b.kept.shortened, keptValue{field, shown(s) + " → " + region.Code})
		}
		*place(b) = region.Code
		if region.Dropped != "" && strings.Contains(b.column, "地址") {
			return b.setAttribute(b.column, value)
		}
		return nil
	}
}

func at(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
