package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/duijie/duijie/internal/match"
)

// steps gives the first n migrations, and others after them.
func steps(t *testing.T, n int, others ...string) fs.FS {
	t.Helper()
	names, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range names[:n] {
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

// migrated makes a database by the given steps and runs more SQL in it.
func migrated(t *testing.T, dir string, steps fs.FS, more string) error {
	t.Helper()
	db, err := connect(filepath.Join(dir, FileName), 1, writerSettings)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrate(t.Context(), db, steps); err != nil {
		return err
	}
	_, err = db.Exec(more)
	return err
}

func TestAnOlderFileIsBroughtForwardWithItsRecords(t *testing.T) {
	dir := t.TempDir()
	err := migrated(t, dir, steps(t, 1), `
		INSERT INTO record VALUES (1, 'default', 'patent', 'CN1', 1, 1, 0, x'00', 1000000);
		INSERT INTO revision VALUES (1, 1, 1, 1000000, 'public', 0, '{"number":"CN1","title":"old"}');
		INSERT INTO tally VALUES ('default', 'patent', 1)`)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	defer mustClose(t, s)
	if got := get(t, s, "CN1"); got.Patent.Title != "old" || got.CreatedAt.Unix() != 1 {
		t.Errorf("the old record is %v", got)
	}
	put(t, s, patent("CN1", "new"))
	if got := get(t, s, "CN1"); got.Revision != 2 {
		t.Errorf("the next revision is %d", got.Revision)
	}
	if _, err := s.Watermark(t.Context(), "x"); err != nil {
		t.Errorf("a later table is missing: %v", err)
	}
}

func TestAFileOfANewerDuijieIsRefusedAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, open(t, dir))
	if err := migrated(t, dir, migrations, "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first try gives the lock back and changes nothing
		_, err := Open(t.Context(), dir, Options{})
		wantError(t, err, match.Conflict, dir, "99", fmt.Sprint(versions(t)), "newer Duijie")
	}
}

func TestAMigrationThatFailsLeavesTheVersionBeforeIt(t *testing.T) {
	dir := t.TempDir()
	err := migrated(t, dir, steps(t, 4, "CREATE TABLE good (a)", "CREATE TABLE half (a); INSERT INTO nothing VALUES (1)"), "")
	if err == nil || !strings.Contains(err.Error(), "migration/99.sql") {
		t.Fatalf("error %v does not name the step", err)
	}
	db, err := connect(filepath.Join(dir, FileName), 1, writerSettings)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	version, err := schemaVersion(context.Background(), db)
	if version != 5 || err != nil {
		t.Errorf("version %d, %v; want 5", version, err)
	}
	var tables int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name IN ('good', 'half')").Scan(&tables); err != nil || tables != 1 {
		t.Errorf("%d of the tables are there, %v; want the good one", tables, err)
	}
}
