package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
)

// rejectsFile is the file of rejected rows of one input. It always holds those of
// the last run, so that it may hold none. A nil rejectsFile takes everything and
// writes nothing.
type rejectsFile struct {
	path string
	file *newFile
	rows *ingest.Rejects
}

// newRejectsFile begins the file of an input. Inputs have headers of their own, so
// that the second one's rows go to rejects-2.csv, and so on.
func newRejectsFile(path string, number int, r *ingest.Reader) (*rejectsFile, error) {
	if path == "" {
		return nil, nil
	}
	if number > 0 {
		ext := filepath.Ext(path)
		path = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ext), number+1, ext)
	}
	file, err := createFile(path)
	if err != nil {
		return nil, err
	}
	rows, err := r.Rejects(file)
	if err != nil {
		file.abandon()
		return nil, err
	}
	return &rejectsFile{path, file, rows}, nil
}

func (f *rejectsFile) add(row ingest.Row, reason string) error {
	if f == nil {
		return nil
	}
	return f.rows.Add(row, reason)
}

// saveRejects puts the file in its place and says what its reader has to know.
func (j *importJob) saveRejects(at *importFile) error {
	f := at.rejects
	if f == nil {
		return nil
	}
	if err := f.rows.Close(); err != nil {
		f.file.abandon()
		return err
	}
	if err := f.file.commit(); err != nil {
		return err
	}
	if format := f.rows.Format(); f.rows.Rows() > 0 && !fits(f.path, format) {
		fmt.Fprintf(os.Stderr, j.lang.pick(match.LocalText{
			ZH: "%s 的内容是 %s 格式；再次导入时请加 --format %s\n", EN: "%s is written as %s; import it with --format %s\n"}), f.path, format, format)
	}
	if f.rows.LeftOut > 0 {
		fmt.Fprintf(os.Stderr, j.lang.pick(match.LocalText{
			ZH: "%s：有 %d 行过大，未能写入\n", EN: "%s: %d rows are too large to be repeated there\n"}), f.path, f.rows.LeftOut)
	}
	return nil
}

// fits tells whether a file's name says what its content is.
func fits(path string, format ingest.Format) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv":
		return format == ingest.CSV
	case ".jsonl", ".ndjson", ".json":
		return format == ingest.JSONL
	case ".xlsx":
		return format == ingest.XLSX
	}
	return false
}
