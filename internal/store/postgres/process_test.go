package postgres

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
	"github.com/duijie/duijie/internal/store/storetest"
)

// crashURL makes this test binary the process that is killed.
const crashURL = "DUIJIE_TEST_CRASH_URL"

const crashBatch = 20

// TestMain writes batches without end, and says so after each, if crashURL is set.
func TestMain(m *testing.M) {
	url := os.Getenv(crashURL)
	if url == "" {
		os.Exit(m.Run())
	}
	s, err := Open(context.Background(), url, Options{})
	for i := 0; err == nil; i += crashBatch {
		if _, err = s.Put(context.Background(), storetest.Patents(i, crashBatch)); err == nil {
			fmt.Println(i + crashBatch)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestWhatWasAcknowledgedOutlivesAKilledProcessAndOthersGoOn(t *testing.T) {
	url := postgrestest.URL(t)
	s := open(t, url)
	defer mustClose(t, s)
	put(t, s, patent("beside", "一")) // the first of the revisions
	acknowledged := killedAfter(t, url, 30)
	put(t, s, patent("beside", "二")) // the turn of the dead process is over
	n, err := s.Count(t.Context(), match.DefaultTenant, match.PatentKind)
	if written := n - 1; err != nil || written < acknowledged || written%crashBatch != 0 {
		t.Fatalf("%d records, %v; want whole batches and at least the %d that were acknowledged", written, err, acknowledged)
	}
	listed, err := s.List(t.Context(), store.ListQuery{Tenant: match.DefaultTenant, Kind: match.PatentKind, Limit: n + 1})
	if err != nil || len(listed) != n {
		t.Errorf("%d records are listed, %v; %d are counted", len(listed), err, n)
	}
	wantRevisions(t, s, n+1)
}

// killedAfter runs another process that writes, kills it after a number of batches, and
// gives the last number that it acknowledged.
func killedAfter(t *testing.T, url string, batches int) (acknowledged int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashURL+"="+url)
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
		if i == batches {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || acknowledged < batches*crashBatch {
		t.Fatalf("the other process ended by itself after %d records: %v", acknowledged, err)
	}
	return acknowledged
}
