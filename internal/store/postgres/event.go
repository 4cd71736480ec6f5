package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

const (
	eventColumns = `e.seq, e.tenant, e.id, e.request, e.demand, e.patent, e.rank, e.side, e.type, e.reason, e.rating, e.note, e.at, e.proof`

	// The turn to write events is held until the commit is visible.
	sqlEventTurn = `SELECT pg_advisory_xact_lock(hashtextextended('duijie/events/' || current_schema(), 0))`
	sqlLastEvent = `SELECT coalesce(max(seq), 0) FROM event`
	sqlSchema    = `SELECT schema FROM ledger`
	sqlEventsOf  = `SELECT ` + eventColumns + ` FROM unnest($1::text[], $2::text[]) AS want(tenant, id)
		JOIN event AS e ON e.tenant = want.tenant AND e.id = want.id`
	sqlRatingsOf = `SELECT r.tenant, r.demand, r.patent, r.side, r.stars, r.at, r.seq
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS want(tenant, demand, patent, side)
		JOIN rating AS r ON r.tenant = want.tenant AND r.demand = want.demand AND r.patent = want.patent AND r.side = want.side`
	sqlPutEvents = `INSERT INTO event (seq, tenant, id, request, demand, patent, rank, side, type, reason, rating, note, at, proof)
		SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
			$9::text[], $10::text[], $11::bigint[], $12::text[], $13::bigint[], $14::text[])`
	sqlPutRating = `INSERT INTO rating (tenant, demand, patent, side, stars, at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (tenant, demand, patent, side) DO UPDATE SET stars = excluded.stars, at = excluded.at, seq = excluded.seq`
	sqlAddRating = `INSERT INTO rated AS r (tenant, kind, id, stars, count) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (tenant, kind, id) DO UPDATE SET stars = r.stars + excluded.stars, count = r.count + excluded.count`

	sqlRatings = `SELECT want.key, r.stars, r.count FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS want(tenant, kind, id, key)
		JOIN rated AS r ON r.tenant = want.tenant AND r.kind = want.kind AND r.id = want.id`

	// Each walks along an index of its own.
	sqlListEvents      = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = $1 AND e.seq > $2` + sqlFilterEvents
	sqlEventsOfRequest = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = $1 AND e.seq > $2 AND e.request = $3` + sqlFilterEvents
	sqlEventsOfDemand  = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = $1 AND e.seq > $2 AND e.demand = $4` + sqlFilterEvents
	sqlEventsOfPatent  = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = $1 AND e.seq > $2 AND e.patent = $5` + sqlFilterEvents
	sqlFilterEvents    = ` AND ($3 = '' OR e.request = $3) AND ($4 = '' OR e.demand = $4) AND ($5 = '' OR e.patent = $5) AND ($6 = '' OR e.type = $6)
		ORDER BY e.seq LIMIT $7`
)

// PutEvents writes events; see store.Events. Where the connection was lost in the
// middle, events may be Unchanged that this call has written.
func (s *Store) PutEvents(ctx context.Context, events []match.Event) ([]store.EventOutcome, error) {
	if s.readOnly {
		return nil, s.failed(errReadOnly, "put %d events", len(events))
	}
	var b *revision.Events
	err := s.retry(ctx, func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
			if b, err = s.decideEvents(ctx, tx, events); err != nil {
				return err
			}
			return putEvents(ctx, tx, b)
		})
	})
	if err != nil {
		return nil, s.failed(err, "put %d events", len(events))
	}
	return b.Outcomes, nil
}

// decideEvents takes the turn, reads what is stored of a batch, and decides on it.
func (s *Store) decideEvents(ctx context.Context, tx pgx.Tx, events []match.Event) (*revision.Events, error) {
	var tenants, ids, demands, patents, sides []string
	for i := range events {
		e := &events[i]
		if storable(e.Tenant, e.ID, e.Demand, e.Patent, string(e.Side)) {
			tenants, ids = append(tenants, e.Tenant), append(ids, e.ID)
			demands, patents, sides = append(demands, e.Demand), append(patents, e.Patent), append(sides, string(e.Side))
		}
	}
	var last int64
	written, rated := map[[2]string]match.Event{}, map[revision.RatingName]revision.RatingRow{}
	q := new(pgx.Batch)
	q.Queue(sqlEventTurn)
	q.Queue(sqlLastEvent).QueryRow(func(r pgx.Row) error { return r.Scan(&last) })
	q.Queue(sqlSchema).QueryRow(func(r pgx.Row) error {
		var schema int
		if err := r.Scan(&schema); err != nil || schema <= newestSchema {
			return err
		}
		return newerSchema(schema, newestSchema)
	})
	q.Queue(sqlEventsOf, tenants, ids).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			e, err := scanEvent(rows)
			if err != nil {
				return err
			}
			written[[2]string{e.Tenant, e.ID}] = e
		}
		return rows.Err()
	})
	q.Queue(sqlRatingsOf, tenants, demands, patents, sides).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var r revision.RatingRow
			var at int64
			if err := rows.Scan(&r.Tenant, &r.Demand, &r.Patent, &r.Side, &r.Stars, &at, &r.Seq); err != nil {
				return err
			}
			r.At = time.UnixMicro(at).UTC()
			rated[r.RatingName] = r
		}
		return rows.Err()
	})
	if err := tx.SendBatch(ctx, q).Close(); err != nil {
		return nil, err
	}
	return revision.DecideEvents(events, written, rated, last, s.clock()), nil
}

func putEvents(ctx context.Context, tx pgx.Tx, b *revision.Events) error {
	var seq, ranks, ratings, times []int64
	var tenants, ids, requests, demands, patents, sides, types, reasons, notes, proofs []string
	for _, e := range b.New {
		seq, ranks, ratings, times = append(seq, e.Seq), append(ranks, int64(e.Rank)), append(ratings, int64(e.Rating)), append(times, e.At.UnixMicro())
		tenants, ids, requests = append(tenants, e.Tenant), append(ids, e.ID), append(requests, e.Request)
		demands, patents, sides = append(demands, e.Demand), append(patents, e.Patent), append(sides, string(e.Side))
		types, reasons = append(types, string(e.Type)), append(reasons, string(e.Reason))
		notes, proofs = append(notes, e.Note), append(proofs, string(e.Proof))
	}
	q := new(pgx.Batch)
	q.Queue(sqlPutEvents, seq, tenants, ids, requests, demands, patents, ranks, sides, types, reasons, ratings, notes, times, proofs)
	for _, r := range b.Rated {
		q.Queue(sqlPutRating, r.Tenant, r.Demand, r.Patent, string(r.Side), r.Stars, r.At.UnixMicro(), r.Seq)
	}
	for ref, sum := range b.Sums {
		q.Queue(sqlAddRating, ref.Tenant, string(ref.Kind), ref.ID, sum.Stars, sum.Count)
	}
	return tx.SendBatch(ctx, q).Close()
}

// ListEvents returns a page; see store.Events.
func (s *Store) ListEvents(ctx context.Context, q store.EventQuery) ([]match.Event, error) {
	query := sqlListEvents
	switch {
	case q.Request != "":
		query = sqlEventsOfRequest
	case q.Demand != "":
		query = sqlEventsOfDemand
	case q.Patent != "":
		query = sqlEventsOfPatent
	}
	var out []match.Event
	err := checkLimit(q.Limit)
	if err == nil && storable(q.Tenant, q.Request, q.Demand, q.Patent, string(q.Type)) {
		err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
			e, err := scanEvent(rows)
			out = append(out, e)
			return err
		}, query, q.Tenant, q.After, q.Request, q.Demand, q.Patent, string(q.Type), q.Limit)
	}
	if err != nil {
		return nil, s.failed(err, "list the events of tenant %q", q.Tenant)
	}
	return slices.Clip(out), nil
}

func scanEvent(rows pgx.Rows) (e match.Event, err error) {
	var at int64
	err = rows.Scan(&e.Seq, &e.Tenant, &e.ID, &e.Request, &e.Demand, &e.Patent, &e.Rank, &e.Side, &e.Type,
		&e.Reason, &e.Rating, &e.Note, &at, &e.Proof)
	e.At = time.UnixMicro(at).UTC()
	return e, err
}

// Ratings returns what records were given; see store.Events.
func (s *Store) Ratings(ctx context.Context, refs []match.Ref) ([]*match.Rating, error) {
	out := make([]*match.Rating, len(refs))
	c := wantedRefs(refs)
	err := s.each(ctx, func() { clear(out) }, func(rows pgx.Rows) error {
		var key int
		var stars, count int64
		if err := rows.Scan(&key, &stars, &count); err != nil {
			return err
		}
		if count > 0 {
			out[key] = &match.Rating{Mean: float64(stars) / float64(count), Count: int(count)}
		}
		return nil
	}, sqlRatings, c.tenants, c.kinds, c.ids, c.keys)
	if err != nil {
		return nil, s.failed(err, "read the ratings of %d records", len(refs))
	}
	return out, nil
}
