package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress is a counter on a terminal, and nothing elsewhere.
func progress() *progressbar.ProgressBar {
	return progressbar.NewOptions(-1, append(progressLook(), progressbar.OptionShowCount(), progressbar.OptionShowIts())...)
}

// byteProgress is a bar of bytes, with the share that is done and the time left.
func byteProgress(total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, append(progressLook(), progressbar.OptionShowBytes(true), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(true))...)
}

func progressLook() []progressbar.Option {
	return []progressbar.Option{
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))),
	}
}

// sizeOf gives the bytes of a file, 0 where there is no telling.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// measure gives the bar a total, unless one of the inputs has no size.
func (j *importJob) measure(paths []string) {
	total := int64(0)
	for _, path := range paths {
		size := sizeOf(path)
		if path == "-" || size == 0 {
			return
		}
		total += size
	}
	j.total, j.bar = total, byteProgress(total)
}

// step moves the bar on by a batch of rows. What is read ahead counts as read.
func (j *importJob) step(rows int) {
	if j.total == 0 {
		_ = j.bar.Add(rows)
		return
	}
	read, _ := j.at.reader.Position()
	_ = j.bar.Set64(j.done + read)
}

// saySheets tells which sheet of a workbook is read where there are others.
func (j *importJob) saySheets(f *importFile) {
	if skipped := f.reader.Skipped(); len(skipped) > 0 {
		names := strings.Join(skipped, ", ")
		say(os.Stderr, j.lang,
			fmt.Sprintf("%s：读取工作表 %s，跳过 %s（可用 --sheet 指定）\n", f.name, f.reader.Sheet(), names),
			fmt.Sprintf("%s: reads the sheet %s and skips %s (--sheet names another one)\n", f.name, f.reader.Sheet(), names))
	}
}

// sayEmpty tells of a file without rows: it may be the wrong one, or one that was cut off.
func (j *importJob) sayEmpty(f *importFile) {
	j.summary.EmptyFiles = append(j.summary.EmptyFiles, f.name)
	say(os.Stderr, j.lang, fmt.Sprintf("注意：%s 中没有数据行。\n", f.name), fmt.Sprintf("Note: %s has no rows.\n", f.name))
}
