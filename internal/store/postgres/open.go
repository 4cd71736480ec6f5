package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Options are settings of a store. The zero value is the default.
type Options struct {
	// Clock tells the time of writes; nil is time.Now.
	Clock func() time.Time
	// ReadOnly refuses every write with an error of kind match.Denied. The schema must
	// be the one that this program writes.
	ReadOnly bool
	// Patience is how long a call is repeated while the server cannot be reached;
	// 0 is 5 seconds.
	Patience time.Duration
}

// Store is a store.Store in a PostgreSQL database.
type Store struct {
	name     string // of the database, without user and password
	clock    func() time.Time
	patience time.Duration
	readOnly bool
	pool     *pgxpool.Pool
	purgedAt atomic.Int64 // of idempotency keys, in microseconds
}

var _ store.Store = (*Store)(nil)

// Open opens the store in the database that a URL names, and makes its tables where
// there are none:
//
//	postgres://user:password@host:5432/database?sslmode=verify-full
//
// Several hosts, certificates and the other settings of libpq can be given, and in the
// environment, as for psql; search_path=NAME puts the tables into a schema that exists,
// pool_max_conns=N limits the connections. The errors' kinds: match.Invalid for a URL
// that is none, match.Unavailable if the server does not answer, match.Denied if it
// does not let this user in or make tables, match.NotFound if there is no such
// database, match.Conflict if a newer Duijie wrote it.
func Open(ctx context.Context, rawURL string, opts Options) (*Store, error) {
	s := &Store{name: "the store", clock: opts.Clock, patience: opts.Patience, readOnly: opts.ReadOnly}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.patience == 0 {
		s.patience = 5 * time.Second
	}
	if err := s.open(ctx, rawURL); err != nil {
		s.Close()
		return nil, s.failed(ended(ctx, err), "open")
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, rawURL string) error {
	config, err := parse(rawURL)
	if err != nil {
		return err
	}
	s.name = nameOf(config.ConnConfig)
	config.AfterConnect = afterConnect
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	return s.retry(ctx, func(ctx context.Context) error {
		if s.readOnly {
			return s.wantNewestSchema(ctx)
		}
		return s.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error { return migrate(ctx, c.Conn(), migrations) })
	})
}

func parse(rawURL string) (*pgxpool.Config, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, match.Invalidf("store", "is not of the form postgres://user@host:5432/database")
	}
	config, err := pgxpool.ParseConfig(rawURL)
	if err != nil { // its text has no password
		return nil, &match.Error{Kind: match.Invalid, Field: "store", Err: err}
	}
	if !u.Query().Has("pool_max_conns") {
		config.MaxConns = int32(max(8, 2*runtime.NumCPU()))
	}
	settings := config.ConnConfig.RuntimeParams
	if settings["application_name"] == "" {
		settings["application_name"] = "duijie"
	}
	settings["client_encoding"] = "UTF8"
	return config, nil
}

func nameOf(c *pgx.ConnConfig) string {
	if strings.HasPrefix(c.Host, "/") { // a socket
		return fmt.Sprintf("postgres:%s/%s", c.Host, c.Database)
	}
	return fmt.Sprintf("postgres://%s/%s", net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), c.Database)
}

// sqlSession makes commits wait for the disk, and ends a session that holds the turn
// to write and is not heard of, such as that of a machine that lost its network.
const sqlSession = `SELECT set_config(name, to_be, false)
	FROM (VALUES ('synchronous_commit', 'off', 'on'), ('idle_in_transaction_session_timeout', '0', '10s')) AS s(name, as_is, to_be)
	WHERE current_setting(name) = as_is`

// afterConnect checks that texts are safe, and applies sqlSession.
func afterConnect(ctx context.Context, c *pgx.Conn) error {
	if encoding := c.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
		return match.Invalidf("store", "the database's encoding is %s, must be UTF8", encoding)
	}
	_, err := c.Exec(ctx, sqlSession)
	return err
}

// Close waits for calls under way and closes the store.
func (s *Store) Close() error {
	if s.pool != nil {
		s.pool.Close()
	}
	return nil
}

// Pauses between the tries of a call.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

// retry calls work until it succeeds, fails for another reason than a server that
// cannot be reached, or patience is at its end. Work must be harmless when it is done
// twice.
func (s *Store) retry(ctx context.Context, work func(context.Context) error) error {
	deadline, pause := time.Now().Add(s.patience), firstPause
	for {
		err := work(ctx)
		if err == nil || !transient(err) || time.Now().After(deadline) || ctx.Err() != nil {
			return ended(ctx, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
}

var errReadOnly = &match.Error{Kind: match.Denied, Reason: "the store is open for reading only"}

// exec runs one statement that may be run twice, in a transaction of its own, and
// returns how many rows it touched.
func (s *Store) exec(ctx context.Context, sql string, args ...any) (n int64, err error) {
	if s.readOnly {
		return 0, errReadOnly
	}
	err = s.retry(ctx, func(ctx context.Context) error {
		done, err := s.pool.Exec(ctx, sql, args...)
		n = done.RowsAffected()
		return err
	})
	return n, err
}

// each calls scan for each row of a query's answer, and begins anew where the
// connection is lost: reset is called before.
func (s *Store) each(ctx context.Context, reset func(), scan func(pgx.Rows) error, sql string, args ...any) error {
	return s.retry(ctx, func(ctx context.Context) error {
		reset()
		rows, err := s.pool.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// one reads one row; none leaves what it reads into as it is.
func (s *Store) one(ctx context.Context, sql string, args []any, into ...any) error {
	return s.retry(ctx, func(ctx context.Context) error {
		err := s.pool.QueryRow(ctx, sql, args...).Scan(into...)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
}
