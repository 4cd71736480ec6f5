package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Excelize opens what it unpacks by name whenever it needs it, so that its folder
// cannot lose its name while it is used. It has the number of its process in its
// name, for a later import to tell what a killed one has left.
const unpackPrefix = "duijie-xlsx-"

// unpackFolder makes a folder to unpack into, and removes those of processes that
// are no more.
func unpackFolder() (string, error) {
	sweep(os.TempDir(), time.Now())
	return os.MkdirTemp("", fmt.Sprintf("%s%d-", unpackPrefix, os.Getpid()))
}

// leftAlone is how old a folder is at least before it is taken for a leftover: a
// process of another container has a number that means nothing here.
const leftAlone = time.Hour

func sweep(dir string, now time.Time) {
	folders, err := filepath.Glob(filepath.Join(dir, unpackPrefix+"*-*"))
	if err != nil {
		return
	}
	for _, folder := range folders {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), unpackPrefix), "-")
		pid, err := strconv.Atoi(number)
		info, statErr := os.Stat(folder)
		if err != nil || statErr != nil || now.Sub(info.ModTime()) < leftAlone || alive(pid) {
			continue
		}
		_ = os.RemoveAll(folder) // another user's stays
	}
}

// alive tells whether there is a process of this number. Where that cannot be told,
// there is.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
