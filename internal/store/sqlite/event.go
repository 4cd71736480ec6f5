package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

const (
	eventColumns = `e.seq, e.tenant, e.id, e.request, e.demand, e.patent, e.rank, e.side, e.type, e.reason, e.rating, e.note, e.at, e.proof`

	sqlLastEvent = `SELECT coalesce(max(seq), 0) FROM event`
	sqlEventsOf  = `SELECT ` + eventColumns + ` FROM json_each(?1) AS want
		CROSS JOIN event AS e ON e.tenant = want.value ->> 0 AND e.id = want.value ->> 1`
	sqlRatingsOf = `SELECT r.tenant, r.demand, r.patent, r.side, r.stars, r.at, r.seq FROM json_each(?1) AS want
		CROSS JOIN rating AS r ON r.tenant = want.value ->> 0 AND r.demand = want.value ->> 1
			AND r.patent = want.value ->> 2 AND r.side = want.value ->> 3`
	sqlPutEvent = `INSERT INTO event (seq, tenant, id, request, demand, patent, rank, side, type, reason, rating, note, at, proof)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`
	sqlPutRating = `INSERT OR REPLACE INTO rating (tenant, demand, patent, side, stars, at, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	sqlAddRating = `INSERT INTO rated (tenant, kind, id, stars, count) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT DO UPDATE SET stars = stars + excluded.stars, count = count + excluded.count`

	sqlRatings = `SELECT want.key, r.id, r.stars, r.count FROM json_each(?1) AS want
		CROSS JOIN rated AS r ON r.tenant = want.value ->> 0 AND r.kind = want.value ->> 1 AND r.id = want.value ->> 2`

	// Each walks along an index of its own.
	sqlListEvents      = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = ?1 AND e.seq > ?2` + sqlFilterEvents
	sqlEventsOfRequest = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = ?1 AND e.seq > ?2 AND e.request = ?3` + sqlFilterEvents
	sqlEventsOfDemand  = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = ?1 AND e.seq > ?2 AND e.demand = ?4` + sqlFilterEvents
	sqlEventsOfPatent  = `SELECT ` + eventColumns + ` FROM event AS e WHERE e.tenant = ?1 AND e.seq > ?2 AND e.patent = ?5` + sqlFilterEvents
	sqlFilterEvents    = ` AND (?3 = '' OR +e.request = ?3) AND (?4 = '' OR +e.demand = ?4) AND (?5 = '' OR +e.patent = ?5) AND (?6 = '' OR e.type = ?6)
		ORDER BY e.seq LIMIT ?7`
)

// PutEvents writes events; see store.Events.
func (s *Store) PutEvents(ctx context.Context, events []match.Event) ([]store.EventOutcome, error) {
	var b *revision.Events
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if b, err = s.decideEvents(tx, events); err != nil {
			return err
		}
		return s.putEvents(ctx, tx, b)
	})
	if err != nil {
		return nil, s.failed(err, "put %d events", len(events))
	}
	return b.Outcomes, nil
}

// decideEvents reads what is stored of a batch, and decides on it.
func (s *Store) decideEvents(tx *sql.Tx, events []match.Event) (*revision.Events, error) {
	var last int64
	if err := tx.Stmt(s.put.lastEvent).QueryRow().Scan(&last); err != nil {
		return nil, err
	}
	ids, names := make([][2]string, len(events)), make([][4]string, len(events))
	for i := range events {
		e := &events[i]
		ids[i], names[i] = [2]string{e.Tenant, e.ID}, [4]string{e.Tenant, e.Demand, e.Patent, string(e.Side)}
	}
	written, rated := map[[2]string]match.Event{}, map[revision.RatingName]revision.RatingRow{}
	err := eachWanted(tx.Stmt(s.put.eventsOf), ids, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		written[[2]string{e.Tenant, e.ID}] = e
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachWanted(tx.Stmt(s.put.ratingsOf), names, func(rows *sql.Rows) error {
		var r revision.RatingRow
		var at int64
		err := rows.Scan(&r.Tenant, &r.Demand, &r.Patent, &r.Side, &r.Stars, &at, &r.Seq)
		r.At = time.UnixMicro(at).UTC()
		rated[r.RatingName] = r
		return err
	})
	return revision.DecideEvents(events, written, rated, last, s.clock()), err
}

// eachWanted asks for a list of names.
func eachWanted(query *sql.Stmt, wanted any, scan func(*sql.Rows) error) error {
	list, err := json.Marshal(wanted)
	if err != nil {
		return err
	}
	return each(context.Background(), query, scan, string(list)) // a transaction is not interrupted; see write
}

func (s *Store) putEvents(ctx context.Context, tx *sql.Tx, b *revision.Events) error {
	put := tx.Stmt(s.put.putEvent)
	for i := range b.New {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := &b.New[i]
		if _, err := put.Exec(e.Seq, e.Tenant, e.ID, e.Request, e.Demand, e.Patent, e.Rank, string(e.Side), string(e.Type),
			string(e.Reason), e.Rating, e.Note, e.At.UnixMicro(), string(e.Proof)); err != nil {
			return match.About("event "+e.ID, err)
		}
	}
	rate, add := tx.Stmt(s.put.putRating), tx.Stmt(s.put.addRating)
	for _, r := range b.Rated {
		if _, err := rate.Exec(r.Tenant, r.Demand, r.Patent, string(r.Side), r.Stars, r.At.UnixMicro(), r.Seq); err != nil {
			return err
		}
	}
	for ref, sum := range b.Sums {
		if _, err := add.Exec(ref.Tenant, string(ref.Kind), ref.ID, sum.Stars, sum.Count); err != nil {
			return match.About(ref.String(), err)
		}
	}
	return nil
}

// ListEvents returns a page; see store.Events.
func (s *Store) ListEvents(ctx context.Context, q store.EventQuery) ([]match.Event, error) {
	statement := s.read.events
	switch {
	case q.Request != "":
		statement = s.read.eventsOfRequest
	case q.Demand != "":
		statement = s.read.eventsOfDemand
	case q.Patent != "":
		statement = s.read.eventsOfPatent
	}
	var out []match.Event
	err := checkLimit(q.Limit)
	if err == nil {
		err = each(ctx, statement, func(rows *sql.Rows) error {
			e, err := scanEvent(rows)
			out = append(out, e)
			return err
		}, q.Tenant, q.After, q.Request, q.Demand, q.Patent, string(q.Type), q.Limit)
	}
	if err != nil {
		return nil, s.failed(err, "list the events of tenant %q", q.Tenant)
	}
	return out, nil
}

func scanEvent(rows *sql.Rows) (e match.Event, err error) {
	var at int64
	err = rows.Scan(&e.Seq, &e.Tenant, &e.ID, &e.Request, &e.Demand, &e.Patent, &e.Rank, &e.Side, &e.Type,
		&e.Reason, &e.Rating, &e.Note, &at, &e.Proof)
	e.At = time.UnixMicro(at).UTC()
	return e, err
}

// Ratings returns what records were given; see store.Events.
func (s *Store) Ratings(ctx context.Context, refs []match.Ref) ([]*match.Rating, error) {
	out := make([]*match.Rating, len(refs))
	list, err := wantedRefs(refs)
	if err == nil {
		err = each(ctx, s.read.ratings, func(rows *sql.Rows) error {
			var key int
			var id string
			var stars, count int64
			err := rows.Scan(&key, &id, &stars, &count)
			if err == nil && id == refs[key].ID && count > 0 { // see Get
				out[key] = &match.Rating{Mean: float64(stars) / float64(count), Count: int(count)}
			}
			return err
		}, string(list))
	}
	if err != nil {
		return nil, s.failed(err, "read the ratings of %d records", len(refs))
	}
	return out, nil
}
