// Package endpoint has what clients of a model's HTTP endpoint share: the check of its URL,
// and a breaker that leaves it alone while it is down.
package endpoint

import (
	"net/url"

	"github.com/duijie/duijie/internal/match"
)

// CheckURL tells why s, which stands before the path of a request, is not the URL of an
// endpoint. It never repeats the URL, which may hold a password.
func CheckURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return match.Invalidf("base_url", "is empty")
	case err != nil:
		return match.Invalidf("base_url", "is not a URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return match.Invalidf("base_url", "must begin with http:// or https:// and name a host")
	case u.User != nil:
		return match.Invalidf("base_url", "must not hold a user or password; use the key")
	case u.RawQuery != "" || u.Fragment != "":
		return match.Invalidf("base_url", "must not have a query or fragment")
	}
	return nil
}
