package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/duijie/duijie/internal/store"
)

// FileName is the name of the database inside the data folder.
const FileName = "records.db"

// Options are settings of a store. The zero value is the default.
type Options struct {
	// Clock tells the time of writes; nil is time.Now.
	Clock func() time.Time
	// Readers is how many reads run at once; 0 is 4. Each has a cache of 8 MB.
	Readers int
}

// Store is a store.Store in one file.
type Store struct {
	path  string
	clock func() time.Time
	lock  *os.File
	// writer has one connection. Waiting for it is how writes take turns. It is nil
	// in a store that is open for reading only.
	writer, reader *sql.DB
	put            putStatements
	read           readStatements
	purgedAt       time.Time // of idempotency keys; used by the writer alone
}

var _ store.Store = (*Store)(nil)

// Open opens the store in dir, and makes folder and file where there are none. The
// errors' kinds: match.Conflict if another process has the folder open or a newer
// Duijie wrote the file, match.Denied if the folder cannot be written,
// match.Exhausted if the disk is full, match.Corrupt if the file is damaged.
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
	s := &Store{path: filepath.Join(dir, FileName), clock: opts.Clock}
	if s.clock == nil {
		s.clock = time.Now
	}
	if opts.Readers == 0 {
		opts.Readers = 4
	}
	if err := s.open(ctx, dir, opts); err != nil {
		s.Close()
		return nil, s.failed(err, "open")
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, dir string, opts Options) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil { // demands have confidential fields
		return err
	}
	if s.lock, err = lockDir(dir); err != nil {
		return err
	}
	path, err := filepath.Abs(s.path)
	if err != nil {
		return err
	}
	if err := makePrivate(path); err != nil {
		return err
	}
	if s.writer, err = connect(path, 1, writerSettings); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer, migrations); err != nil {
		return err
	}
	if s.reader, err = connect(path, opts.Readers, readerSettings); err != nil {
		return err
	}
	return s.prepare(ctx)
}

// Settings of each connection (https://www.sqlite.org/pragma.html). The driver
// applies _pragma before the journal mode, as the page size has to be.
var (
	writerSettings = url.Values{
		"_busy_timeout": {"10000"}, // milliseconds; others are backups and shells
		"_pragma": {
			"page_size(8192)",              // a record's row is 1 to 2 KB; 4096 would leave gaps
			"cache_size(-32768)",           // KB
			"wal_autocheckpoint(4000)",     // pages: 32 MB
			"journal_size_limit(67108864)", // what stays of the WAL after a large batch
		},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"}, // fsync before a commit returns
		"_foreign_keys": {"on"},
		"_txlock":       {"immediate"},
	}
	readerSettings = url.Values{
		"_busy_timeout": {"10000"},
		"_pragma":       readerPragmas,
		"_query_only":   {"on"},
	}
)

// readerPragmas have reads come out of the mapped file, as far as SQLite maps one: they
// take a third less time than by copies of pages. Nothing cuts the file short while it is
// open.
var readerPragmas = []string{"cache_size(-8192)", "mmap_size(2147483648)"}

// makePrivate makes the file if there is none, for its owner alone: the folder may be one that
// others can read, and SQLite gives its log the same mode.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect returns a pool of n connections, which are opened when they are needed.
func connect(path string, n int, settings url.Values) (*sql.DB, error) {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/data
		path = "/" + path
	}
	uri := url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}
	db, err := sql.Open("sqlite", uri.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// statement is a place for a prepared statement and its text.
type statement struct {
	at  **sql.Stmt
	sql string
}

func (s *Store) prepare(ctx context.Context) error {
	return errors.Join(
		prepare(ctx, s.writer, s.put.list()),
		prepare(ctx, s.reader, s.read.list()),
	)
}

func prepare(ctx context.Context, db *sql.DB, list []statement) (err error) {
	for _, st := range list {
		if *st.at, err = db.PrepareContext(ctx, st.sql); err != nil {
			return err
		}
	}
	return nil
}

// Close waits for calls under way and closes the store. The last connection moves
// the WAL into the database.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return s.failed(errors.Join(errs...), "close")
}

// write runs work in a transaction on the one writing connection. Waiting for the
// connection ends with ctx. The statements inside are not interrupted: work asks
// ctx where it is long, and after the commit has begun ctx is not asked again, so
// that an error always means that nothing was written.
func (s *Store) write(ctx context.Context, work func(*sql.Tx) error) error {
	if s.writer == nil {
		return errReadOnly
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after the commit
	if err := work(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return tx.Commit()
}
