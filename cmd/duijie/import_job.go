package main

import (
	"context"
	"errors"
	"os"
	"runtime"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
	"github.com/schollz/progressbar/v3"
)

// importBatch is how many rows are written in one transaction, which costs two
// fsyncs whatever its size.
const importBatch = 1000

// importJob writes the rows of files in batches. While one is written the next
// ones are read and parsed.
type importJob struct {
	acks     *acks
	records  recordKeeper
	newest   func(context.Context) (int64, error) // number of the newest write; nil where there are no journals
	labels   labelKeeper
	rater    string      // of labels that name none
	events   eventKeeper // nil but where events are imported
	journals string      // folder; empty where nobody can go on later
	resume   bool
	rejects  string // file, or empty
	lang     langFlag
	report   *reportFile
	summary  importSummary
	bar      *progressbar.ProgressBar
	done     int64 // bytes of the files before
	total    int64 // of all files; 0 is unknown

	at *importFile // the file that is read
}

// importFile is where a job is in one file.
type importFile struct {
	name    string
	reader  *ingest.Reader
	journal *ingest.Journal // nil for standard input
	before  ingest.Done     // what an import before this one did
	again   map[int]bool    // rows of it that were refused
	rows    int             // read so far
	counts  importCounts    // of this file
	refused []int
	numbers seenNumbers // of the rows so far
	events  seenEvents
	// labelled are the labels of the rows so far
	labelled seenLabels
	rejects  *rejectsFile // nil where nobody asked for it
}

func (j *importJob) files(ctx context.Context, paths []string, o ingest.Options) error {
	j.measure(paths)
	for i, path := range paths {
		err := j.file(ctx, path, i, o)
		j.done += sizeOf(path)
		if err != nil {
			if j.summary.Rows == 0 {
				return err
			}
			return (&match.Error{Kind: match.KindOf(err), Err: err}).Because("after %d rows, which are in but for those that were rejected", j.summary.Rows)
		}
		if j.summary.Interrupted {
			return nil
		}
	}
	return nil
}

func (j *importJob) file(ctx context.Context, path string, number int, o ingest.Options) (err error) {
	f, err := j.openFile(ctx, path, o)
	if err != nil {
		return err
	}
	j.at = f
	defer func() {
		if path != "-" || !f.reader.Waits() { // a read from a terminal cannot be ended
			f.reader.Close()
		}
	}()
	j.saySheets(f)
	if f.rejects, err = newRejectsFile(j.rejects, number, f.reader); err != nil {
		return err
	}
	defer func() {
		j.summary.add(f)
		if skipped := f.reader.Skipped(); len(skipped) > 0 {
			j.summary.SkippedSheets[f.name] = skipped
		}
		if saved := j.saveRejects(f); err == nil {
			err = saved
		}
	}()
	for rows, err := range f.reader.Batches(ctx, importBatch, runtime.GOMAXPROCS(0)) {
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil {
			if err := j.batch(context.WithoutCancel(ctx), rows); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			j.summary.Interrupted = true
			return nil
		}
	}
	if f.rows == 0 {
		j.sayEmpty(f)
	}
	if f.journal != nil {
		return f.journal.Remove()
	}
	return nil
}

func (j *importJob) openFile(ctx context.Context, path string, o ingest.Options) (*importFile, error) {
	f := &importFile{name: path, again: map[int]bool{}}
	var err error
	if path == "-" {
		f.name = "standard input"
		f.reader, err = ingest.NewReader(os.Stdin, f.name, o)
		return f, err
	}
	if f.reader, err = ingest.Open(path, o); err != nil {
		return nil, err
	}
	if j.journals == "" {
		return f, nil
	}
	if err := j.openJournal(ctx, f, path, o); err != nil {
		f.reader.Close()
		return nil, err
	}
	return f, nil
}

// openJournal finds out where to go on, and says so where that is the beginning
// though it was not asked for.
func (j *importJob) openJournal(ctx context.Context, f *importFile, path string, o ingest.Options) error {
	journal, stale, err := ingest.OpenJournal(j.journals, path, o)
	if err != nil {
		return err
	}
	f.journal = journal
	if !j.resume {
		return nil
	}
	if stale == "" && journal.Seq > 0 {
		newest, err := j.newest(ctx)
		if err != nil {
			return err
		}
		if journal.Seq > newest {
			stale = "the data folder is older than the note of how far it came"
		}
	}
	if stale != "" {
		why := match.Localised(&match.Error{Record: path, Reason: stale})
		say(os.Stderr, j.lang, why.ZH+"；从头开始\n", why.EN+"; starting anew\n")
		return nil
	}
	f.before = journal.Done
	for _, row := range f.before.Again {
		f.again[row] = true
	}
	f.counts = countsOf(f.before.Counts)
	return nil
}

// batch writes what is new of a batch and notes that it is in.
func (j *importJob) batch(ctx context.Context, rows []ingest.Row) error {
	f := j.at
	var fresh []ingest.Row
	var places []int
	for i, row := range rows {
		place := f.rows + i
		switch {
		case errors.Is(row.Err, ingest.ErrNotJudged):
			j.summary.NotJudged++
		case row.Err != nil:
			if err := j.reject(row, row.Err); err != nil {
				return err
			}
		case place >= f.before.Rows || f.again[place]:
			fresh, places = append(fresh, row), append(places, place)
		case row.Label == nil:
			f.numbers.add(row.Record.Ref, row.Line)
		}
	}
	seq, err := j.write(ctx, fresh, places)
	if err != nil {
		return err
	}
	f.rows += len(rows)
	j.summary.Rows += len(rows)
	j.summary.Resumed += len(rows) - len(fresh) - countRejected(rows)
	j.step(len(rows))
	if err := j.acks.write(j.summary.Rows); err != nil || f.journal == nil || f.rows < f.before.Rows {
		return err
	}
	return f.journal.Write(ingest.Done{Rows: f.rows, Again: f.refused, Seq: max(seq, f.journal.Seq), Counts: f.counts.names()})
}

func countRejected(rows []ingest.Row) (n int) {
	for _, row := range rows {
		if row.Err != nil {
			n++
		}
	}
	return n
}
