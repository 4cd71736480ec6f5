package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

func TestAFolderThatIsOpenElsewhereIsRefusedToWritersAndOpenToReaders(t *testing.T) {
	t.Setenv("LC_ALL", "en_US.UTF-8")
	bin, data := built(t), t.TempDir()
	filled(t, bin, data)
	in, err := instance.Open(t.Context(), instance.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	before := digests(t, data)
	_, err = instance.Open(t.Context(), instance.Config{Data: data})
	if match.KindOf(err) != match.Conflict || !strings.Contains(err.Error(), data) {
		t.Errorf("%v (%s)", err, match.KindOf(err))
	}
	said := []string{data, "open in another Duijie"}
	out := t.TempDir()
	fails(t, exitFailed, said, bin, "import", "--data", data, "--kind", "patents", writeRows(t, 600, 700))
	fails(t, exitFailed, said, bin, "doctor", "--repair", "--data", data)
	fails(t, 0, nil, bin, "backup", "--data", data, "--out", filepath.Join(out, "b.tar"))
	fails(t, exitFailed, said, bin, "restore", "--force", "--data", data, "--from", filepath.Join(out, "b.tar"))
	fails(t, 0, []string{"600 stored, 600 searchable"}, bin, "status", "--data", data, "--lang", "en")
	fails(t, 0, []string{"0 records"}, bin, "retry", "--data", data, "--lang", "en")
	fails(t, 0, []string{mark(77)}, bin, "match", "--data", data, "--text", mark(77), "--as", "demand")
	fails(t, 0, []string{mark(599)}, bin, "export", "--data", data, "--kind", "patents")
	unharmed(t, data, before)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	sound(t, data)
}

func TestNewerDataIsRefusedAndUnharmed(t *testing.T) {
	bin, data := built(t), t.TempDir()
	filled(t, bin, data)
	setSchema(t, data, 99)
	before := digests(t, data)
	_, err := instance.Open(t.Context(), instance.Config{Data: data})
	if match.KindOf(err) != match.Conflict || !strings.Contains(err.Error(), "newer Duijie") {
		t.Errorf("%v (%s)", err, match.KindOf(err))
	}
	said := []string{data, "99", "newer Duijie"}
	for _, args := range [][]string{
		{"import", "--kind", "patents", writeRows(t, 600, 700)}, {"export", "--kind", "patents"}, {"match", "--text", "电池", "--as", "demand"},
		{"status"}, {"retry"}, {"doctor", "--repair"}, {"backup", "--out", t.TempDir()},
	} {
		fails(t, exitFailed, said, bin, append(args, "--data", data)...)
	}
	unharmed(t, data, before)
	setSchema(t, data, newestSchema(t))
	sound(t, data)
}

// setSchema writes the version at offset 60 of a database that is not open.
func setSchema(t *testing.T, data string, version int) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(data, sqlite.FileName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(binary.BigEndian.AppendUint32(nil, uint32(version)), 60); err != nil {
		t.Fatal(err)
	}
}

// newestSchema is the schema version of this program.
func newestSchema(t *testing.T) int {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := s.Contents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c.Schema
}

func TestDoctorEndsWithFiveUntilItHasRepaired(t *testing.T) {
	bin, data := built(t), t.TempDir()
	filled(t, bin, data)
	paths, err := filepath.Glob(filepath.Join(data, "vectors", "*", "patents.vec"))
	if err != nil || len(paths) != 1 {
		t.Fatal(paths, err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Clone(b)
	b[len(b)/2] ^= 1
	if err := os.WriteFile(paths[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, exitUnsound, []string{"向量文件已损坏", "--repair"}, bin, "doctor", "--data", data, "--lang", "zh")
	fails(t, exitUnsound, []string{"the vector log is damaged"}, bin, "doctor", "--data", data, "--lang", "en")
	fails(t, exitUnsound, []string{`"sound": false`, `"code": "vector_log"`}, bin, "doctor", "--data", data, "--json")
	fails(t, 0, []string{"repaired", "Sound."}, bin, "doctor", "--repair", "--data", data, "--lang", "en")
	fails(t, 0, []string{`"sound": true`}, bin, "doctor", "--deep", "--data", data, "--json")
}
