package doctor_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

const records = 40

// folder makes a data folder with patents CN0 to CN39, of which CN39 is withdrawn,
// CN1 has two revisions, and demand D1.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	in := opened(t, dir)
	var items []store.Item
	for n := range records {
		items = append(items, store.Item{Record: patent(n)})
	}
	items = append(items,
		store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Title: "一种新的隔膜"})},
		store.Item{Record: match.Record{Ref: patent(records - 1).Ref, Withdrawn: true}},
		store.Item{Record: match.NewDemand(match.DefaultTenant, match.Demand{ID: "D1", Title: "需要电池", Text: "需要高能量密度的电池"})})
	outcomes, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func patent(n int) match.Record {
	return match.NewPatent(match.DefaultTenant, match.Patent{
		Number: fmt.Sprint("CN", n), Title: fmt.Sprintf("一种电池隔膜 %d", n), Abstract: "本发明涉及锂离子电池的隔膜及其制备方法。",
	})
}

func opened(t *testing.T, dir string) *instance.Instance {
	t.Helper()
	in, err := instance.Open(t.Context(), instance.Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// query runs SQL in the database of a folder that nobody has open.
func query(statements ...string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		db, err := sql.Open("sqlite", "file://"+filepath.Join(dir, sqlite.FileName)+"?_pragma=foreign_keys(off)")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// vectors changes the index of the patents behind the catalog's back.
func vectors(change func(context.Context, index.Index) error) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		e, err := static.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		ix, err := instance.OpenVectors(t.Context(), instance.Config{Data: dir}, instance.VectorSpec(match.PatentKind, e))
		if err != nil {
			t.Fatal(err)
		}
		if err := change(t.Context(), ix); err != nil {
			t.Fatal(err)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func point(key string, dim int) index.Point {
	v := make([]float32, dim)
	v[0] = 1
	return index.Point{Key: key, Vectors: map[string][]float32{retrieve.TitleVector: v, retrieve.TextVector: v}}
}

func put(key string) func(*testing.T, string) {
	return vectors(func(ctx context.Context, ix index.Index) error {
		return ix.Upsert(ctx, []index.Point{point(key, 256)})
	})
}

// logOf finds the vector log of the patents.
func logOf(t *testing.T, dir string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "vectors", "*", "patents.vec"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("%v, %v", paths, err)
	}
	return paths[0]
}

// flip changes a byte in the middle of a file.
func flip(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x40
	if _, err := f.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}

// exported gives every record as text.
func exported(t *testing.T, dir string) (out []string) {
	t.Helper()
	s, err := sqlite.OpenReadOnly(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, kind := range instance.Kinds {
		page, err := s.Changes(t.Context(), kind, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			out = append(out, fmt.Sprintf("%v %d %d %v %+v %+v", r.Ref, r.Revision, r.Seq, r.Withdrawn, r.Patent, r.Demand))
		}
	}
	return out
}
