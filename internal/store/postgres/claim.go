package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/store"
)

const (
	// A session's lock ends with the session, and that soon after its machine is gone.
	sqlMortal = `SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`
	sqlClaim  = `SELECT pg_try_advisory_lock(` + claimKey + `)`
	// This lock is given back at the end of its statement.
	sqlClaimable = `SELECT pg_try_advisory_xact_lock(` + claimKey + `)`
	claimKey     = `hashtextextended('duijie/claim/' || current_schema() || '/' || $1, 0)`
	// heldTime bounds the wait for the server's word that a session lives.
	heldTime = 5 * time.Second
)

var _ store.Claimer = (*Store)(nil)

// claim is an advisory lock of a session that has no other use.
type claim struct {
	store *Store
	name  string
	conn  *pgx.Conn
}

// Claim takes work; see store.Claimer. A claim has a connection of its own, beside
// those of the pool.
func (s *Store) Claim(ctx context.Context, name string) (store.Claim, error) {
	if s.readOnly {
		return nil, s.failed(errReadOnly, "claim %s", name)
	}
	var got bool
	if err := s.pool.QueryRow(ctx, sqlClaimable, name).Scan(&got); err != nil || !got { // without a new connection
		return nil, s.failed(ended(ctx, err), "claim %s", name)
	}
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return nil, s.failed(ended(ctx, err), "claim %s", name)
	}
	if _, err = conn.Exec(ctx, sqlMortal); err == nil {
		err = conn.QueryRow(ctx, sqlClaim, name).Scan(&got)
	}
	c := &claim{s, name, conn}
	if err != nil || !got {
		_ = c.Release() // there is nothing to give back
		return nil, s.failed(ended(ctx, err), "claim %s", name)
	}
	return c, nil
}

func (c *claim) Held(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, heldTime)
	defer cancel()
	return c.store.failed(c.conn.Ping(ctx), "hold the claim on %s", c.name)
}

func (c *claim) Release() error {
	ctx, cancel := context.WithTimeout(context.Background(), heldTime)
	defer cancel()
	_, err := c.conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`) // the end of a session is noticed in a moment only
	return c.store.failed(errors.Join(err, c.conn.Close(ctx)), "release the claim on %s", c.name)
}
