package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/store"
)

// Run tests the stores that open returns. Each call of open gives an empty store of
// its own, which the suite closes.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Put", putTests},
		{"Put with a condition", conditionTests},
		{"Put refuses", refusalTests},
		{"Put with an idempotency key", idempotencyTests},
		{"Get, List and Count", readTests},
		{"Changes", changeTests},
		{"Labels", labelTests},
		{"Answers", answerTests},
		{"Events", eventTests},
		{"Registry", registryTests},
		{"Tenants", tenantTests},
		{"Progress", progressTests},
		{"Many at once", concurrencyTests},
		{"Model", modelTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, tt := range group.tests {
				t.Run(tt.name, func(t *testing.T) { tt.run(t, closing(t, open(t))) })
			}
		})
	}
}

// test is one promise.
type test struct {
	name string // a sentence
	run  func(t *testing.T, s store.Store)
}

func closing(t *testing.T, s store.Store) store.Store {
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}
