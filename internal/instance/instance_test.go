package instance_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

func open(t *testing.T, c instance.Config) *instance.Instance {
	t.Helper()
	in, err := instance.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	return in
}

func shut(t *testing.T, in *instance.Instance) {
	t.Helper()
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}

// write adds patents from up to but not including to.
func write(t *testing.T, in *instance.Instance, from, to int) {
	t.Helper()
	var items []store.Item
	for n := from; n < to; n++ {
		items = append(items, store.Item{Record: match.NewPatent(match.DefaultTenant, match.Patent{
			Number: fmt.Sprint("CN", n), Title: fmt.Sprintf("一种电池隔膜 %d", n)})})
	}
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func searchable(t *testing.T, in *instance.Instance) int {
	t.Helper()
	side := in.Engine.Sides[match.PatentKind]
	vectors, err := side.Vectors.Count(t.Context(), nil)
	words, err2 := side.Words.Count(t.Context())
	if err != nil || err2 != nil || vectors != words {
		t.Fatalf("%d vectors, %d words, %v, %v", vectors, words, err, err2)
	}
	return vectors
}

func vectorLog(t *testing.T, dir string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "vectors", "*", "patents.vec"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("%v, %v", paths, err)
	}
	return paths[0]
}

// setVersion gives a vector log another version, with the checksum that it needs.
func setVersion(t *testing.T, path string, version byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[7] = version
	end := 12 + int(binary.LittleEndian.Uint32(b[8:]))
	binary.LittleEndian.PutUint32(b[end:], crc32.Checksum(b[:end], crc32.MakeTable(crc32.Castagnoli)))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAVectorLogOfAnOlderVersionOrADamagedOneIsMadeAgain(t *testing.T) {
	for kept, change := range map[string]func(*testing.T, string){
		"":           func(t *testing.T, path string) { setVersion(t, path, 0) },
		".corrupt-1": func(t *testing.T, path string) { setVersion(t, path, 1); spoil(t, path) },
	} {
		dir := t.TempDir()
		in := open(t, instance.Config{Data: dir})
		write(t, in, 0, 30)
		shut(t, in)
		path := vectorLog(t, dir)
		change(t, path)
		in = open(t, instance.Config{Data: dir})
		if n := searchable(t, in); n != 30 {
			t.Errorf("%q: %d are searchable", kept, n)
		}
		shut(t, in)
		files, err := filepath.Glob(path + "*")
		if diff := cmp.Diff(slices.Compact([]string{path, path + kept}), files); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}

func TestSegmentsOfAnOlderVersionAreMadeAgain(t *testing.T) {
	dir := t.TempDir()
	in := open(t, instance.Config{Data: dir})
	write(t, in, 0, 30)
	spec := instance.VectorSpec(match.PatentKind, in.Engine.Embedder)
	shut(t, in)
	log := vectorLog(t, dir)
	ix, err := segment.Open(filepath.Dir(log), spec, segment.Options{SealAt: 10})
	if err == nil {
		err = errors.Join(ix.Settle(t.Context()), ix.Close())
	}
	segments, _ := filepath.Glob(filepath.Join(filepath.Dir(log), "*.seg"))
	if err != nil || len(segments) != 1 {
		t.Fatalf("segments %q, %v", segments, err)
	}
	b, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	b[7] = 1
	binary.LittleEndian.PutUint32(b[28:], crc32.Checksum(b[:28], crc32.MakeTable(crc32.Castagnoli)))
	if err := os.WriteFile(segments[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	in = open(t, instance.Config{Data: dir})
	if n := searchable(t, in); n != 30 {
		t.Errorf("%d are searchable", n)
	}
	shut(t, in)
	if left, _ := filepath.Glob(segments[0] + "*"); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

func spoil(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAVectorLogOfANewerVersionIsRefusedAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	in := open(t, instance.Config{Data: dir})
	write(t, in, 0, 30)
	shut(t, in)
	path := vectorLog(t, dir)
	setVersion(t, path, 9)
	before, _ := os.ReadFile(path)
	_, err := instance.Open(t.Context(), instance.Config{Data: dir})
	if match.KindOf(err) != match.Conflict {
		t.Errorf("%v, want an error of kind conflict", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the file has changed")
	}
	setVersion(t, path, 1)
	in = open(t, instance.Config{Data: dir})
	if n := searchable(t, in); n != 30 {
		t.Errorf("%d are searchable", n)
	}
	shut(t, in)
}

func TestAReaderBesideTheOwnerFindsOldAndNewRecordsAndWritesNothing(t *testing.T) {
	dir := t.TempDir()
	owner := open(t, instance.Config{Data: dir})
	defer shut(t, owner)
	write(t, owner, 0, 30)
	reader := open(t, instance.Config{Data: dir, ReadOnly: true})
	if n := searchable(t, reader); n != 30 {
		t.Errorf("%d are searchable at first", n)
	}
	write(t, owner, 30, 40)
	eventually(t, "the reader has what was written later", func() bool { return has(t, reader, 40) })
	answer, err := reader.Engine.Match(t.Context(), match.Request{ID: "t", Tenant: match.DefaultTenant, Limit: 1,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: "一种电池隔膜 35"}})
	if err != nil || len(answer.Hits) != 1 || answer.Hits[0].Record.ID != "CN35" {
		t.Errorf("%+v, %v", answer, err)
	}
	_, err = reader.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant})
	if match.KindOf(err) != match.Denied {
		t.Errorf("a write: %v, want an error of kind denied", err)
	}
	shut(t, reader)
	if n := searchable(t, owner); n != 40 {
		t.Errorf("the owner has %d", n)
	}
}

func TestAReaderLeavesADamagedVectorLogAlone(t *testing.T) {
	dir := t.TempDir()
	in := open(t, instance.Config{Data: dir})
	write(t, in, 0, 30)
	shut(t, in)
	spoil(t, vectorLog(t, dir))
	before, _ := os.ReadFile(vectorLog(t, dir))
	reader := open(t, instance.Config{Data: dir, ReadOnly: true})
	if n := searchable(t, reader); n != 30 {
		t.Errorf("%d are searchable", n)
	}
	shut(t, reader)
	if after, _ := os.ReadFile(vectorLog(t, dir)); string(after) != string(before) {
		t.Error("the file has changed")
	}
}

func TestAWatermarkAheadOfTheWritesIsNotBelieved(t *testing.T) {
	dir := t.TempDir()
	in := open(t, instance.Config{Data: dir})
	write(t, in, 0, 3)
	name := "vectors/patents/" + in.Embedder.Identity()
	shut(t, in)
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetWatermark(t.Context(), name, 1000); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	in = open(t, instance.Config{Data: dir})
	write(t, in, 3, 10)
	if n := searchable(t, in); n != 10 {
		t.Errorf("%d are searchable", n)
	}
	shut(t, in)
}
