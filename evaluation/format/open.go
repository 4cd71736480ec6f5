package format

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
)

// Unknown says what to do with an id that the dataset does not have.
type Unknown int

const (
	// Refuse makes it an error.
	Refuse Unknown = iota
	// Skip leaves the line out and counts it.
	Skip
	// Add takes documents into the dataset, for datasets without a corpus file;
	// in runs, lines of unknown queries are skipped and counted; in qrels, queries
	// are added too.
	Add
)

// Options of the readers. The zero value is strict and of Duijie's scale.
type Options struct {
	Scale   evaluation.Scale // of judgements; metric.Levels4 where it is zero
	Unknown Unknown
	Workers int // goroutines; GOMAXPROCS
}

func (o Options) scale() evaluation.Scale {
	if o.Scale == (evaluation.Scale{}) {
		return metric.Levels4
	}
	return o.Scale
}

// Open opens a file for reading, unpacking gzip where its first bytes say so.
func Open(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := unpack(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{r, file}, nil
}

func unpack(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := buffered.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		return gzip.NewReader(buffered)
	}
	return buffered, nil
}

// openFirst opens path or, where it does not exist, path.gz.
func openFirst(path string) (io.ReadCloser, string, error) {
	r, err := Open(path)
	if os.IsNotExist(err) {
		if packed, e := Open(path + ".gz"); e == nil {
			return packed, path + ".gz", nil
		}
	}
	return r, path, err
}
