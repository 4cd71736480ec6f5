package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var tenantTests = []test{
	{"all that have records or labels, withdrawn ones too, once and in order", func(t *testing.T, s store.Store) {
		diff(t, "tenants of an empty store", []string(nil), tenants(t, s))
		for _, name := range []string{"z", "a", "机构", "a"} {
			r := patent("CN1", "一")
			r.Tenant = name
			putBatch(t, s, store.Batch{Tenant: name, Items: []store.Item{{Record: r}}})
		}
		gone := patent("CN1", "")
		gone.Tenant, gone.Withdrawn = "z", true
		putBatch(t, s, store.Batch{Tenant: "z", Items: []store.Item{{Record: gone}}})
		for _, name := range []string{"labels", "a"} {
			l := label("D1", "CN1", "r", match.ExpertSource)
			l.Tenant = name
			putLabels(t, s, l)
		}
		diff(t, "tenants", []string{"a", "labels", "z", "机构"}, tenants(t, s))
	}},
}

func tenants(t *testing.T, s store.Store) []string {
	t.Helper()
	out, err := s.Tenants(t.Context())
	if err != nil {
		t.Fatalf("Tenants: %v", err)
	}
	return out
}
