package server

import (
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// tenantOf gives the tenant that a request names, the default one where it names
// none.
func tenantOf(name string) (string, error) {
	switch {
	case name == "" || name == match.DefaultTenant:
		return match.DefaultTenant, nil
	case len(name) > maxTenant || strings.ContainsFunc(name, isBadInTenant):
		return "", match.Invalidf("tenant", "must have at most %d characters of A-Z, a-z, 0-9, '-', '_' and '.'", maxTenant)
	}
	return "", &match.Error{Kind: match.Denied, Field: "tenant", Reason: "this server serves one tenant"}
}

const maxTenant = 128

func isBadInTenant(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
}

const maxKey = 128

// writeOf checks what all writes have in common and gives their tenant.
func writeOf(req interface {
	GetTenant() string
	GetIdempotencyKey() string
}) (tenant string, err error) {
	if n := len(req.GetIdempotencyKey()); n > maxKey {
		return "", match.Invalidf("idempotency_key", "is %d bytes long, at most %d are allowed", n, maxKey)
	}
	return tenantOf(req.GetTenant())
}

// checkBatch keeps a batch within its limit.
func checkBatch(field string, n, limit int) error {
	if n > limit {
		return match.Invalidf(field, "has %d entries, at most %d are allowed", n, limit)
	}
	return nil
}
