package postgres

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

// steps gives all migrations, and others after them.
func steps(t *testing.T, others ...string) fs.FS {
	t.Helper()
	names, err := stepsOf(migrations)
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range names {
		script, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: script}
	}
	for i, script := range others {
		out["migration/9"+strings.Repeat("9", i)+".sql"] = &fstest.MapFile{Data: []byte(script)}
	}
	return out
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReplicasThatStartAtOnceMakeTheTablesOnce(t *testing.T) {
	url := postgrestest.URL(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := Open(t.Context(), url, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent("CN1", "一")}}}); err != nil {
				t.Error(err)
			}
			mustClose(t, s)
		})
	}
	all.Wait()
	s := open(t, url)
	defer mustClose(t, s)
	wantRevisions(t, s, 1)
}

func TestADatabaseIsBroughtForwardWithItsRecords(t *testing.T) {
	url := postgrestest.URL(t)
	s := open(t, url)
	put(t, s, patent("CN1", "一"))
	mustClose(t, s)
	c := connect(t, url)
	defer c.Close(t.Context())
	if err := migrate(t.Context(), c, steps(t, "ALTER TABLE record ADD more text NOT NULL DEFAULT 'x'")); err != nil {
		t.Fatal(err)
	}
	var more string
	version, err := schemaVersion(t.Context(), c)
	if err2 := c.QueryRow(t.Context(), "SELECT more FROM record").Scan(&more); err != nil || err2 != nil || version != newestSchema+1 || more != "x" {
		t.Errorf("version %d, %q, %v, %v", version, more, err, err2)
	}
}

func TestADatabaseOfANewerDuijieIsRefusedAlsoWhileItIsOpen(t *testing.T) {
	url := postgrestest.URL(t)
	s := open(t, url)
	defer mustClose(t, s)
	c := connect(t, url)
	defer c.Close(t.Context())
	if _, err := c.Exec(t.Context(), "UPDATE ledger SET schema = 99"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent("CN1", "一")}}})
	wantError(t, err, match.Conflict, "99", "newer Duijie")
	for _, readOnly := range []bool{false, true} {
		_, err = Open(t.Context(), url, Options{ReadOnly: readOnly})
		wantError(t, err, match.Conflict, "99", "newer Duijie")
	}
	wantRevisions0(t, c)
}

func wantRevisions0(t *testing.T, c *pgx.Conn) {
	t.Helper()
	var n int
	if err := c.QueryRow(t.Context(), "SELECT count(*) FROM revision").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d revisions, %v; want none", n, err)
	}
}

func TestAMigrationThatFailsLeavesTheVersionBefore(t *testing.T) {
	url := postgrestest.URL(t)
	mustClose(t, open(t, url))
	c := connect(t, url)
	defer c.Close(t.Context())
	err := migrate(t.Context(), c, steps(t, "CREATE TABLE good (a text)", "CREATE TABLE half (a text); INSERT INTO nothing VALUES (1)"))
	if err == nil || !strings.Contains(err.Error(), "migration/99.sql") {
		t.Fatalf("error %v does not name the step", err)
	}
	version, err := schemaVersion(t.Context(), c)
	if version != newestSchema || err != nil {
		t.Errorf("version %d, %v; want %d", version, err, newestSchema)
	}
	var good, half bool
	if err := c.QueryRow(t.Context(), "SELECT to_regclass('good') IS NOT NULL, to_regclass('half') IS NOT NULL").Scan(&good, &half); err != nil || good || half {
		t.Errorf("tables are left: %t, %t, %v", good, half, err)
	}
}
