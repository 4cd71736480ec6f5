package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// mounted is a file system in memory of a few megabytes.
func mounted(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Skipf("needs to mount a tmpfs, which takes root: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestAnImportOnAFullDiskStopsAndGoesOnWithSpace(t *testing.T) {
	bin := built(t)
	for _, megabytes := range []int{3, 6, 12, 24} { // the database is full first, or the vectors
		disk := mounted(t, megabytes)
		data, ack, rows := filepath.Join(disk, "data"), filepath.Join(t.TempDir(), "ack"), writeRows(t, 0, 12_000)
		fails(t, exitFailed, []string{data}, bin, "import", "--data", data, "--kind", "patents", "--ack", ack, rows)
		done := lastAck(ack)
		t.Logf("%d MB: %d rows were acknowledged", megabytes, done)
		fails(t, exitFailed, []string{disk}, bin, "backup", "--data", data, "--out", filepath.Join(disk, "b.tar"))
		wantNames(t, disk, "data")
		if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=256m"); err != nil {
			t.Fatal(err)
		}
		k := &killed{bin: bin, data: data, total: 12_000, done: done, random: rand.New(rand.NewPCG(1, 1))}
		k.check(t, true)
		if code, out := command(t, bin, "import", "--data", data, "--kind", "patents", rows); code != 0 {
			t.Fatalf("with space again: %d\n%s", code, out)
		}
		if r := sound(t, data); r.Contents.Patents != 12_000 || r.Vectors != 12_000 || r.Contents.Revisions != 12_000 {
			t.Errorf("%+v", r)
		}
	}
}

func TestAReadOnlyFolderIsDeniedAndUnharmed(t *testing.T) {
	bin, disk := built(t), mounted(t, 64)
	data := filepath.Join(disk, "data")
	filled(t, bin, data)
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	before := digests(t, data)
	_, err := instance.Open(t.Context(), instance.Config{Data: data})
	if match.KindOf(err) != match.Denied || !strings.Contains(err.Error(), data) {
		t.Errorf("%v (%s)", err, match.KindOf(err))
	}
	rows := writeRows(t, 600, 700)
	fails(t, exitFailed, []string{data, "read-only"}, bin, "import", "--data", data, "--kind", "patents", rows)
	fails(t, exitFailed, []string{data}, bin, "doctor", "--repair", "--data", data)
	unharmed(t, data, before)
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, ""); err != nil {
		t.Fatal(err)
	}
	sound(t, data)
}
