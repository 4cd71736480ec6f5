package revision

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// readPatent reads what encodeBody makes of a patent, in a fraction of the time that
// encoding/json takes, and to the same result. It reports false for all but that
// very form, which is for encoding/json to read then.
func readPatent(body []byte, p *match.Patent) bool {
	r := bodyReader{rest: body, bad: !utf8.Valid(body)}
	r.want(`{"number":`)
	p.Number = r.text()
	r.want(`,"title":`)
	p.Title = r.text()
	r.want(`,"abstract":`)
	p.Abstract = r.text()
	optional(&r, `,"claims":`, &p.Claims, r.text)
	optional(&r, `,"applicants":`, &p.Applicants, func() []match.Applicant { return list(&r, r.applicant) })
	optional(&r, `,"region":`, &p.Region, r.text)
	optional(&r, `,"ipc":`, &p.IPC, r.texts)
	optional(&r, `,"sector":`, &p.Sector, r.text)
	optional(&r, `,"filing_date":`, &p.FilingDate, r.date)
	optional(&r, `,"publication_date":`, &p.PublicationDate, r.date)
	optional(&r, `,"grant_date":`, &p.GrantDate, r.date)
	optional(&r, `,"expiry_date":`, &p.ExpiryDate, r.date)
	optional(&r, `,"legal_status":`, &p.LegalStatus, func() match.LegalStatus { return match.LegalStatus(r.text()) })
	optional(&r, `,"family":`, &p.Family, r.text)
	optional(&r, `,"transfer_modes":`, &p.TransferModes, func() []match.TransferMode {
		return list(&r, func() match.TransferMode { return match.TransferMode(r.text()) })
	})
	optional(&r, `,"fee":`, &p.Fee, r.money)
	optional(&r, `,"tier":`, &p.Tier, r.text)
	optional(&r, `,"pools":`, &p.Pools, r.texts)
	optional(&r, `,"readiness":`, &p.Readiness, func() int { return int(r.number()) })
	optional(&r, `,"self_rating":`, &p.SelfRating, func() int { return int(r.number()) })
	optional(&r, `,"rating":`, &p.Rating, r.rating)
	optional(&r, `,"attributes":`, &p.Attributes, r.attributes)
	r.want(`}`)
	return !r.bad && len(r.rest) == 0
}

// bodyReader reads values from the front of rest. After a bad one it reads nothing
// that counts.
type bodyReader struct {
	rest []byte
	bad  bool
}

// has skips s if it comes next.
func (r *bodyReader) has(s string) bool {
	if len(r.rest) < len(s) || string(r.rest[:len(s)]) != s {
		return false
	}
	r.rest = r.rest[len(s):]
	return true
}

func (r *bodyReader) want(s string) { r.bad = !r.has(s) || r.bad }

// optional reads a member that may be left out.
func optional[T any](r *bodyReader, name string, to *T, read func() T) {
	if r.has(name) {
		*to = read()
	}
}

// list reads a list with at least one entry.
func list[T any](r *bodyReader, read func() T) []T {
	r.want(`[`)
	out := []T{read()}
	for !r.bad && r.has(`,`) {
		out = append(out, read())
	}
	r.want(`]`)
	return out
}

func (r *bodyReader) texts() []string  { return list(r, r.text) }
func (r *bodyReader) date() match.Date { return match.Date(r.text()) }

func (r *bodyReader) applicant() (a match.Applicant) {
	r.want(`{"name":`)
	a.Name = r.text()
	if r.has(`,"kind":`) {
		a.Kind = match.ApplicantKind(r.text())
	}
	r.want(`}`)
	return a
}

func (r *bodyReader) money() *match.MoneyRange {
	m := &match.MoneyRange{}
	r.want(`{"min_cny":`)
	m.Min = r.number()
	r.want(`,"max_cny":`)
	m.Max = r.number()
	r.want(`}`)
	return m
}

func (r *bodyReader) rating() *match.Rating {
	out := &match.Rating{}
	r.want(`{"mean":`)
	start := r.rest
	r.number()
	if r.has(`.`) {
		for len(r.rest) > 0 && '0' <= r.rest[0] && r.rest[0] <= '9' {
			r.rest = r.rest[1:]
		}
	}
	mean := start[:len(start)-len(r.rest)]
	r.bad = r.bad || json.Unmarshal(mean, &out.Mean) != nil
	r.want(`,"count":`)
	out.Count = int(r.number())
	r.want(`}`)
	return out
}

func (r *bodyReader) attributes() map[string]string {
	out := map[string]string{}
	r.want(`{`)
	for more := true; more; more = !r.bad && r.has(`,`) {
		name := r.text()
		r.want(`:`)
		out[name] = r.text()
	}
	r.want(`}`)
	return out
}

// number reads a whole number that is not negative.
func (r *bodyReader) number() (n int64) {
	i := 0
	for i < len(r.rest) && '0' <= r.rest[i] && r.rest[i] <= '9' {
		n = 10*n + int64(r.rest[i]-'0')
		i++
	}
	r.bad = r.bad || i == 0 || i > 9 || i > 1 && r.rest[0] == '0' // 32 bits, for int
	r.rest = r.rest[i:]
	return n
}

// text reads a string; one with escapes is left to encoding/json.
func (r *bodyReader) text() (s string) {
	r.want(`"`)
	end := bytes.IndexByte(r.rest, '"')
	if end < 0 || r.bad {
		r.bad = true
		return ""
	}
	if bytes.IndexByte(r.rest[:end], '\\') >= 0 {
		return r.escaped()
	}
	for _, b := range r.rest[:end] {
		r.bad = r.bad || b < ' '
	}
	s, r.rest = string(r.rest[:end]), r.rest[end+1:]
	return s
}

func (r *bodyReader) escaped() (s string) {
	end := 0
	for end < len(r.rest) && r.rest[end] != '"' {
		if r.rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.rest) {
		r.bad = true
		return ""
	}
	quoted := append(append(make([]byte, 0, end+2), '"'), r.rest[:end+1]...)
	r.bad = json.Unmarshal(quoted, &s) != nil
	r.rest = r.rest[end+1:]
	return s
}
