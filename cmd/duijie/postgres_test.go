package main

import (
	"testing"

	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
)

func TestRecordsOnAServerAreReachedFromTwoFolders(t *testing.T) {
	t.Setenv("DUIJIE_STORE", postgrestest.URL(t))
	bin, first, second := built(t), t.TempDir(), t.TempDir()
	fails(t, 0, nil, bin, "import", "--data", first, "--kind", "patents", "--lang", "en", writeRows(t, 0, 60))
	fails(t, 0, []string{mark(33)}, bin, "match", "--data", second, "--text", mark(33), "--as", "demand")
	for _, data := range []string{first, second} {
		fails(t, 0, []string{"60 stored, 60 searchable"}, bin, "status", "--data", data, "--lang", "en")
		fails(t, 0, []string{"60 patents", "vectors of 60 records", "Sound"}, bin, "doctor", "--data", data, "--lang", "en")
		fails(t, exitUsage, []string{"pg_dump", "export"}, bin, "backup", "--data", data, "--out", t.TempDir())
	}
	fails(t, 0, []string{mark(59)}, bin, "export", "--data", second, "--kind", "patents")
	fails(t, 0, nil, bin, "label", "set", "--data", second, "--demand", "D1", "--patent", "CN1", "--level", "3", "--rater", "a")
	fails(t, 0, []string{"D1"}, bin, "label", "list", "--data", first)
}
