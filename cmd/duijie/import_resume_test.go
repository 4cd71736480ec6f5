package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// partly imports a file until rows of it are in, as if it were killed then.
func partly(t *testing.T, data, file string, rows int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in, err := instance.Open(ctx, instance.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	ack := filepath.Join(t.TempDir(), "ack")
	acks, err := openAcks(ack)
	if err != nil {
		t.Fatal(err)
	}
	defer acks.Close()
	job := importJob{acks: acks, records: folderRecords{in.Catalog, in.Store}, newest: folderRecords{in.Catalog, in.Store}.newest, journals: filepath.Join(data, "imports"), summary: newImportSummary(), bar: progress()}
	go func() {
		for lastAck(ack) < rows && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if err := job.files(ctx, []string{file}, ingest.Options{Kind: match.PatentKind}); err != nil {
		t.Fatal(err)
	}
	if !job.summary.Interrupted {
		t.Skip("the import came to its end before it could be interrupted")
	}
}

// numbered writes a CSV of n patents, every 1000th of them bad.
func numbered(t *testing.T, n int) string {
	var b strings.Builder
	b.WriteString("id,title\n")
	for i := range n {
		if i%1000 == 999 {
			fmt.Fprintf(&b, "%d,\n", i)
			continue
		}
		fmt.Fprintf(&b, "%d,电池%d\n", i, i)
	}
	return fileOf(t, "p.csv", b.String())
}

func TestAnInterruptedImportGoesOnWhereItWas(t *testing.T) {
	data, file := t.TempDir(), numbered(t, 60_000)
	partly(t, data, file, 2*importBatch)
	s := summaryOf(t, data, "--resume", file)
	if s.Rows != 60_000 || s.Created != 59_940 || s.RejectedRows != 60 || s.Unchanged != 0 || s.Resumed < importBatch {
		t.Errorf("rows %d, created %d, rejected %d, unchanged %d, resumed %d", s.Rows, s.Created, s.RejectedRows, s.Unchanged, s.Resumed)
	}
	if s := summaryOf(t, data, "--resume", file); s.Resumed != 0 || s.Unchanged != 59_940 {
		t.Errorf("behind the end: resumed %d, unchanged %d", s.Resumed, s.Unchanged)
	}
}

func TestAChangedFileIsNotResumed(t *testing.T) {
	data, file := t.TempDir(), numbered(t, 60_000)
	partly(t, data, file, importBatch)
	if err := os.WriteFile(file, []byte("id,title\n0,neu\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := summaryOf(t, data, "--resume", file); s.Resumed != 0 || s.Updated != 1 || s.Rows != 1 {
		t.Errorf("summary %+v", s)
	}
}

func TestWithoutResumeUnchangedRowsAreCountedAsSuch(t *testing.T) {
	data, file := t.TempDir(), numbered(t, 60_000)
	partly(t, data, file, 2*importBatch)
	if s := summaryOf(t, data, file); s.Resumed != 0 || s.Unchanged < 2*importBatch-10 || s.Unchanged+s.Created != 59_940 {
		t.Errorf("summary: resumed %d, unchanged %d, created %d", s.Resumed, s.Unchanged, s.Created)
	}
}

func TestAnotherDataFolderDoesNotBelieveTheNote(t *testing.T) {
	data, file := t.TempDir(), numbered(t, 60_000)
	partly(t, data, file, importBatch)
	if err := os.Remove(filepath.Join(data, "records.db")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"records.db-wal", "records.db-shm"} {
		if err := os.Remove(filepath.Join(data, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if s := summaryOf(t, data, "--resume", file); s.Resumed != 0 || s.Created != 59_940 {
		t.Errorf("resumed %d, created %d", s.Resumed, s.Created)
	}
}

func TestCtrlCEndsAnImportBehindItsBatch(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program; run without -short")
	}
	bin, data, file := built(t), t.TempDir(), numbered(t, 60_000)
	ack := filepath.Join(t.TempDir(), "ack")
	cmd := exec.Command(bin, "import", "--data", data, "--kind", "patents", "--ack", ack, "--lang", "en", file)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); lastAck(ack) == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted || !strings.Contains(out.String(), "run again with --resume") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if s := summaryOf(t, data, "--resume", file); s.Created != 59_940 {
		t.Errorf("summary: created %d of 59940, resumed %d", s.Created, s.Resumed)
	}
}
