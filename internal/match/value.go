package match

import (
	"fmt"
	"time"
)

// Date is a day written YYYY-MM-DD; the empty date is unknown.
type Date string

// ParseDate reads YYYY-MM-DD, YYYY/M/D, YYYY.MM.DD, YYYYMMDD and YYYY年M月D日, and
// reports false for anything else.
func ParseDate(s string) (Date, bool) {
	if s == "" {
		return "", true
	}
	for _, layout := range []string{time.DateOnly, "2006/1/2", "2006.1.2", "2006-1-2", "20060102", "2006年1月2日", time.RFC3339, time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 {
			return Date(t.Format(time.DateOnly)), true
		}
	}
	return "", false
}

// DateOf gives the day of t in t's location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Number gives the date as the integer YYYYMMDD, which orders dates; 0 is unknown.
func (d Date) Number() int64 {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return int64(t.Year())*10000 + int64(t.Month())*100 + int64(t.Day())
}

func (d Date) validate(field string) error {
	if d == "" {
		return nil
	}
	if got, ok := ParseDate(string(d)); !ok || got != d {
		return Invalidf(field, fmt.Sprintf("%q is not a day written YYYY-MM-DD", string(d)))
	}
	return nil
}

// MoneyRange is an amount in yuan (CNY), from Min to Max inclusive. Max 0 means
// no upper end.
type MoneyRange struct {
	Min int64 `json:"min_cny"`
	Max int64 `json:"max_cny"`
}

func (m *MoneyRange) validate(field string) error {
	switch {
	case m == nil:
		return nil
	case m.Min < 0:
		return Invalidf(field+".min_cny", "is negative")
	case m.Max < 0:
		return Invalidf(field+".max_cny", "is negative")
	case m.Max != 0 && m.Max < m.Min:
		return Invalidf(field+".max_cny", "is below min_cny")
	}
	return nil
}

// Rating is the mean of Count ratings from 1 to 5.
type Rating struct {
	Mean  float64 `json:"mean"`
	Count int     `json:"count"`
}

func (r *Rating) validate(field string) error {
	switch {
	case r == nil:
		return nil
	case r.Count < 1:
		return Invalidf(field+".count", "must be at least 1")
	case !(r.Mean >= 1 && r.Mean <= 5):
		return Invalidf(field+".mean", "must be from 1 to 5")
	}
	return nil
}
