package postgres

import (
	"testing"

	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
	"github.com/duijie/duijie/internal/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, func(t testing.TB) store.Store { return open(t, postgrestest.URL(t)) })
}
