package main

import (
	"path/filepath"
	"testing"
)

func TestWhatIsNotThereFailsAndWhatCannotBeIsWrongUsage(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{"tune", "--dataset", none, "--out", none + ".duijie"},
		{"evaluate", "--dataset", none},
		{"evaluate", "--faithfulness", none},
		{"model", "add", none, "--by", "x", "--data", none},
		{"intake", "--file", none},
		{"import", "--kind", "patents", none, "--data", t.TempDir()},
		{"restore", "--from", none, "--data", t.TempDir()},
		{"match", "--text", "电池", "--data", none},
		{"retry", "--data", none},
		{"status", "--data", none},
	} {
		wantExit(t, exitFailed, args...)
	}
	for _, args := range [][]string{
		{"evaluate"}, {"nosuch"}, {"import", "--kind", "x", none}, {"match", "--text", "电池", "--limit", "0", "--data", none},
		{"evaluate", "--faithfulness", "sample", "--demands", "0"}, {"model", "add", none},
		{"serve", "--data", t.TempDir(), "--listen", "nowhere", "--grpc", "127.0.0.1:0", "--metrics", "127.0.0.1:0"},
	} {
		wantExit(t, exitUsage, args...)
	}
}
