package match

import (
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
	if n := dayNumber(s); n >= 1000_00_00 { // most are written so
		return Date(s), true
	}
	for _, layout := range []string{time.DateOnly, "2006/1/2", "2006.1.2", "2006-1-2", "20060102", "2006年1月2日", time.RFC3339, time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 {
			return Date(t.Format(time.DateOnly)), true
		}
	}
	return "", false
}

// LastOfMonth reads a month written YYYY-MM, YYYY/M, YYYY.M or YYYY年M月, and gives its last day; it
// reports false for anything else.
func LastOfMonth(s string) (Date, bool) {
	for _, layout := range []string{"2006-1", "2006/1", "2006.1", "2006年1月", "2006年1月底", "2006年1月末"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 {
			return DateOf(t.AddDate(0, 1, -1)), true
		}
	}
	return "", false
}

// DateOf gives the day of t in t's location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Number gives the date as the integer YYYYMMDD, which orders dates; 0 is unknown.
func (d Date) Number() int64 { return dayNumber(string(d)) }

// dayNumber is the number of a day written YYYY-MM-DD, 0 for anything else. It is what
// time.Parse makes of it, in a small part of the time.
func dayNumber(s string) int64 {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return 0
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:])
	if year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0
	}
	return year*1_00_00 + month*1_00 + day
}

// digits reads a number of ASCII digits, −1 for anything else.
func digits(s string) (n int64) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int64(s[i]-'0')
	}
	return n
}

func daysIn(year, month int64) int64 {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

func (d Date) validate(field string) error {
	if d == "" {
		return nil
	}
	if got, ok := ParseDate(string(d)); !ok || got != d {
		return Invalidf(field, "%q is not a day written YYYY-MM-DD", string(d))
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
