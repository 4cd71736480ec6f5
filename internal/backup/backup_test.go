package backup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/backup"
	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// batchSize is the number of records of a batch: a copy holds whole batches.
const batchSize = 50

func batch(n int) store.Batch {
	b := store.Batch{Tenant: match.DefaultTenant}
	for i := n * batchSize; i < (n+1)*batchSize; i++ {
		b.Items = append(b.Items, store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{
			Number: fmt.Sprintf("CN%06d", i), Title: fmt.Sprintf("一种电池隔膜 %d", i), Abstract: strings.Repeat("本发明涉及锂离子电池。", 20),
		})})
	}
	return b
}

func put(t testing.TB, s store.Store, n int) {
	t.Helper()
	if _, err := s.Put(context.Background(), batch(n)); err != nil {
		t.Error(err)
	}
}

// folder makes a data folder with some records, a withdrawn one, a demand and a label.
func folder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, 0)
	_, err = s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{
		{Record: match.NewDemand(match.DefaultTenant, match.Demand{ID: "D1", Title: "需要电池"})},
		{Record: match.Record{Ref: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: "CN000007"}, Withdrawn: true}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	err = s.PutLabels(t.Context(), []match.Label{{Tenant: match.DefaultTenant, Demand: "D1", Patent: "CN000001", Level: 4, Rater: "a", Source: match.ExpertSource}})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// exported is what duijie export writes, and the labels.
func exported(t testing.TB, dir string) string {
	t.Helper()
	s, err := sqlite.OpenReadOnly(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	for _, kind := range instance.Kinds {
		page, err := s.List(t.Context(), store.ListQuery{Tenant: match.DefaultTenant, Kind: kind, Limit: 1 << 20, Withdrawn: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			fmt.Fprintln(&out, r.Revision, r.Seq, r.CreatedAt, r.UpdatedAt)
			if err := ingest.WriteJSONL(&out, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	labels, err := s.ListLabels(t.Context(), store.LabelQuery{Tenant: match.DefaultTenant, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%+v\n", labels)
	return out.String()
}

func create(t testing.TB, data string) string {
	t.Helper()
	out, _, err := backup.Create(t.Context(), backup.Source{Data: data, Program: "test"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// onlyIn reports what else than names is in a folder. A reader leaves an empty WAL.
func onlyIn(t testing.TB, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "-wal") && !strings.HasSuffix(e.Name(), "-shm") {
			have = append(have, e.Name())
		}
	}
	if strings.Join(have, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, have, names)
	}
}

func TestARestoredFolderExportsTheSameBytes(t *testing.T) {
	data := folder(t)
	out, m, err := backup.Create(t.Context(), backup.Source{Data: data, Program: "test",
		Now: func() time.Time { return time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC) }}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	onlyIn(t, filepath.Dir(out), "duijie-20260506-070809.000.tar")
	want := sqlite.Contents{Schema: m.Contents.Schema, Patents: batchSize - 1, Demands: 1, Withdrawn: 1, Revisions: batchSize + 2, Labels: 1, LastSeq: batchSize + 2}
	if m.Contents != want {
		t.Errorf("contents %+v, want %+v", m.Contents, want)
	}
	to := filepath.Join(t.TempDir(), "new", "folder")
	if _, kept, err := backup.Restore(t.Context(), out, to, false); err != nil || kept != "" {
		t.Fatal(kept, err)
	}
	if exported(t, data) != exported(t, to) {
		t.Error("the export differs")
	}
	onlyIn(t, to, "records.db", "records.lock")
}

func TestABackupOfAFolderInUseHoldsWholeBatchesInTheirOrder(t *testing.T) {
	data := t.TempDir()
	s, err := sqlite.Open(t.Context(), data, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, 0)
	stop := make(chan struct{})
	var written int
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 1; ; n++ {
			select {
			case <-stop:
				written = n
				return
			case <-time.After(10 * time.Millisecond):
				put(t, s, n)
			}
		}
	})
	for round, last := 0, 0; round < 4; round++ {
		time.Sleep(100 * time.Millisecond)
		to := t.TempDir()
		if _, _, err := backup.Restore(t.Context(), create(t, data), to, false); err != nil {
			t.Fatal(err)
		}
		last = wholeBatches(t, to, last)
	}
	close(stop)
	writer.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wholeBatches(t, data, written-1)
}

// wholeBatches checks that a folder holds the first so many batches, more than before.
func wholeBatches(t *testing.T, dir string, before int) int {
	t.Helper()
	s, err := sqlite.OpenReadOnly(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	page, err := s.Changes(t.Context(), match.PatentKind, 0, 1<<20)
	if err != nil || len(page)%batchSize != 0 || len(page)/batchSize <= before {
		t.Fatalf("%d records, %v; there were %d before", len(page), err, before*batchSize)
	}
	for i, r := range page {
		if want := fmt.Sprintf("CN%06d", i); r.ID != want || r.Seq != int64(i+1) {
			t.Fatalf("record %d is %s with number %d, want %s", i, r.ID, r.Seq, want)
		}
	}
	return len(page) / batchSize
}

func TestARestoredFolderIsSearchableAgain(t *testing.T) {
	data := folder(t)
	to := t.TempDir()
	if _, _, err := backup.Restore(t.Context(), create(t, data), to, false); err != nil {
		t.Fatal(err)
	}
	in, err := instance.Open(t.Context(), instance.Config{Data: to})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, err := in.Catalog.Status(t.Context(), match.DefaultTenant, match.PatentKind)
	if err != nil || status.Searchable != batchSize-1 || status.Stored != batchSize-1 {
		t.Errorf("%+v, %v", status, err)
	}
}

func TestABackupCarriesWhichModelIsLive(t *testing.T) {
	data, path := folder(t), "models.json"
	if err := os.WriteFile(filepath.Join(data, path), []byte(`{"live":"onnx/one"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err := backup.Create(t.Context(), backup.Source{Data: data, Program: "test"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, path), []byte(`{"live":"onnx/two"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, kept, err := backup.Restore(t.Context(), out, data, true)
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{data: "onnx/one", kept: "onnx/two"} {
		var got struct{ Live string }
		raw, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil || json.Unmarshal(raw, &got) != nil || got.Live != want {
			t.Errorf("%s: %q, %v, want %q", dir, raw, err, want)
		}
	}
	broken := folder(t)
	if err := os.WriteFile(filepath.Join(broken, path), []byte(`{"live":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := backup.Create(t.Context(), backup.Source{Data: broken, Program: "test"}, t.TempDir()); match.KindOf(err) != match.Corrupt {
		t.Errorf("a broken models.json: %v", err)
	}
}
