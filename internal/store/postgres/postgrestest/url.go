package postgrestest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// shared is the server of this test binary.
var shared struct {
	once sync.Once
	url  string
	err  error
}

// Server returns the URL of a server: that of DUIJIE_POSTGRES, else of the binaries of
// a PostgreSQL on this machine, which the first call starts. Where there is neither it
// skips the test. What DUIJIE_POSTGRES names may hold other data: use URL.
func Server(t testing.TB) string {
	t.Helper()
	if raw := os.Getenv("DUIJIE_POSTGRES"); raw != "" {
		return raw
	}
	bin, err := binaries()
	if err != nil {
		t.Skip(err)
	}
	shared.once.Do(func() { shared.url, shared.err = start(bin) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.url
}

// URL returns the URL of an empty schema, which is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	server := Server(t)
	schema := "duijie_test_" + strings.ToLower(rand.Text()[:12])
	Exec(t, server, fmt.Sprintf("CREATE SCHEMA %s", schema))
	t.Cleanup(func() { Exec(t, server, fmt.Sprintf("DROP SCHEMA %s CASCADE", schema)) })
	return With(t, server, "search_path", schema)
}

// With returns a URL with one more setting.
func With(t testing.TB, raw, name, value string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// Exec runs SQL on a connection of its own, also when the test is at its end.
func Exec(t testing.TB, rawURL, sql string, args ...any) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	c, err := pgx.Connect(ctx, rawURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
