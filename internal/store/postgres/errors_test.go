package postgres

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

func wantError(t *testing.T, err error, kind match.ErrorKind, parts ...string) {
	t.Helper()
	if err == nil || match.KindOf(err) != kind {
		t.Fatalf("error %v is %s, want %s", err, match.KindOf(err), kind)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not contain %q", err, part)
		}
	}
}

func TestWhatCannotBeOpenedIsNamedWithoutItsPassword(t *testing.T) {
	server := postgrestest.Server(t)
	elsewhere := strings.Replace(strings.Split(server, "?")[0], "/postgres", "/nothing", 1) + "?sslmode=disable"
	for _, tt := range []struct {
		name, url string
		kind      match.ErrorKind
		parts     []string
	}{
		{"no URL", "records.db", match.Invalid, []string{"postgres://user@host"}},
		{"a setting that is none", "postgres://u:secret@h/d?sslmode=perhaps", match.Invalid, []string{"sslmode"}},
		{"nobody listens", "postgres://u:secret@127.0.0.1:1/d", match.Unavailable, []string{"postgres://127.0.0.1:1/d", "open"}},
		{"no such database", elsewhere, match.NotFound, []string{"nothing"}},
		{"no such schema", postgrestest.With(t, server, "search_path", "nowhere"), match.NotFound, []string{"search_path"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(t.Context(), tt.url, Options{Patience: time.Millisecond})
			wantError(t, err, tt.kind, tt.parts...)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%v tells the password", err)
			}
		})
	}
}

func TestAStoreForReadingWritesNothing(t *testing.T) {
	url := postgrestest.URL(t)
	_, err := Open(t.Context(), url, Options{ReadOnly: true})
	wantError(t, err, match.NotFound, "no records")
	s := open(t, url)
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	reader, err := Open(t.Context(), url, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, reader)
	_, err = reader.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant})
	wantError(t, err, match.Denied, "reading only")
	wantError(t, reader.SetWatermark(t.Context(), "f", 1), match.Denied)
	if n, err := reader.Count(t.Context(), match.DefaultTenant, match.PatentKind); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestABodyThatIsNotWhatWasWrittenIsCorrupt(t *testing.T) {
	s := open(t, postgrestest.URL(t))
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	if _, err := s.pool.Exec(t.Context(), "UPDATE revision SET body = substr(body, 1, 9)"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Get(t.Context(), []match.Ref{patent("CN1", "").Ref})
	wantError(t, err, match.Corrupt, "patent CN1", "revision 1")
}

func TestWhatATextCannotHoldIsReplacedInReasonsAndKeptInBodiesAndKeys(t *testing.T) {
	s := open(t, postgrestest.URL(t))
	defer mustClose(t, s)
	f := store.Failure{Follower: "f", Ref: patent("CN1", "").Ref, Reason: "a\x00b\xffc", Stage: match.Accepted}
	if err := s.PutFailures(t.Context(), []store.Failure{f}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Failures(t.Context(), "f", 9)
	f.Reason = "a\ufffdb\ufffdc"
	if diff := cmp.Diff([]store.Failure{f}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	odd := patent("CN2", "<a> & \u2028 \t")
	put(t, s, odd)
	back, err := s.Get(t.Context(), []match.Ref{odd.Ref})
	if err != nil || back[0].Patent.Title != odd.Patent.Title {
		t.Errorf("%v, %v", back, err)
	}
	_, err = s.Revision(t.Context(), match.Ref{Tenant: "t\x00", Kind: match.PatentKind, ID: "\xff"}, 1)
	wantError(t, err, match.NotFound)
}

func TestSessionsWaitForTheDisk(t *testing.T) {
	url := postgrestest.With(t, postgrestest.URL(t), "synchronous_commit", "off")
	s := open(t, url)
	defer mustClose(t, s)
	var commit, idle string
	if err := s.pool.QueryRow(t.Context(), `SELECT current_setting('synchronous_commit'), current_setting('idle_in_transaction_session_timeout')`).Scan(&commit, &idle); err != nil || commit != "on" || idle != "10s" {
		t.Errorf("%s, %s, %v", commit, idle, err)
	}
}
