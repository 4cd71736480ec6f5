package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/storetest"
)

// crashDir makes this test binary the process that is killed.
const crashDir = "DUIJIE_TEST_CRASH_DIR"

const crashBatch = 20

// TestMain writes batches without end, and says so after each, if crashDir is set.
func TestMain(m *testing.M) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := Open(context.Background(), dir, Options{})
	for i := 0; err == nil; i += crashBatch {
		if _, err = s.Put(context.Background(), storetest.Patents(i, crashBatch)); err == nil {
			fmt.Println(i + crashBatch)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestWhatWasAcknowledgedOutlivesAKilledProcess(t *testing.T) {
	dir := t.TempDir()
	acknowledged := killedAfter(t, dir, 30, func() {
		_, err := Open(t.Context(), dir, Options{})
		wantError(t, err, match.Conflict, dir, "another Duijie")
	})

	s := open(t, dir) // the lock of a dead process is gone
	defer mustClose(t, s)
	n, err := s.Count(t.Context(), match.DefaultTenant, match.PatentKind)
	if err != nil || n < acknowledged || n%crashBatch != 0 {
		t.Fatalf("%d records, %v; want whole batches and at least the %d that were acknowledged", n, err, acknowledged)
	}
	listed, err := s.List(t.Context(), store.ListQuery{Tenant: match.DefaultTenant, Kind: match.PatentKind, Limit: n + 1})
	if err != nil || len(listed) != n {
		t.Errorf("%d records are listed, %v; %d are counted", len(listed), err, n)
	}
	var verdict string
	if err := s.writer.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
}

// killedAfter runs another process that writes into dir, calls meanwhile after the
// first batch, kills it after a number of them, and gives the last number that it
// acknowledged.
func killedAfter(t *testing.T, dir string, batches int, meanwhile func()) (acknowledged int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		if _, err := fmt.Sscan(lines.Text(), &acknowledged); err != nil {
			t.Errorf("the other process says %q", lines.Text())
		}
		switch i {
		case 0:
			meanwhile()
		case batches:
			cmd.Process.Kill() // what it still wrote into the pipe is read as well
		}
	}
	cmd.Wait()
	return acknowledged
}
