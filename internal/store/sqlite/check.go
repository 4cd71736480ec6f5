package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
)

// DamageCode says what is wrong.
type DamageCode string

const (
	DamagedFile     DamageCode = "database"  // SQLite's own check, or a page that cannot be read
	DamagedKey      DamageCode = "reference" // a row that names one that is not there
	DamagedPointer  DamageCode = "newest"    // the newest revision is not the one that is named
	DamagedBody     DamageCode = "body"      // it cannot be read, or breaks a rule
	DamagedHash     DamageCode = "hash"      // it is not what was written
	DamagedTally    DamageCode = "tally"     // the kept count is wrong
	DamagedRating   DamageCode = "rating"    // a record's sum of ratings is wrong
	DamagedModel    DamageCode = "model"     // a model's file or a dataset is not what was written
	DamagedMark     DamageCode = "watermark" // a follower claims what was never written
	StrayFailure    DamageCode = "failure"   // a note about a record that is unknown
	StrayLabel      DamageCode = "label"     // a label about a record that is unknown: allowed
	damageFileLimit            = 100
)

// Damage is one thing that Check found.
type Damage struct {
	Code   DamageCode
	Record string    // such as "patent CN1, revision 2" or the name of a follower
	Ref    match.Ref // of StrayFailure
	Err    error     // what is wrong, in the words of match.Localised
}

// Check reads everything and reports what is not as it was written. Its error is a
// fault of the check itself; a page that cannot be read is reported, and ends it.
//
// A record's hash covers its newest body; of older revisions Check can tell whether
// they are read and keep the rules, not whether they are what was written.
func (s *Store) Check(ctx context.Context, report func(Damage)) error {
	for _, check := range []func(context.Context, func(Damage)) error{
		s.checkFile, s.checkRows, s.checkBodies, s.checkModels,
	} {
		err := check(ctx, report)
		if kindOf(err) == match.Corrupt {
			report(Damage{Code: DamagedFile, Record: s.path, Err: err})
			return nil
		}
		if err != nil {
			return s.failed(err, "check")
		}
	}
	return nil
}

// checkFile asks SQLite.
func (s *Store) checkFile(ctx context.Context, report func(Damage)) error {
	err := eachRow(ctx, s.reader, fmt.Sprintf("PRAGMA integrity_check(%d)", damageFileLimit), func(rows *sql.Rows) error {
		var verdict string
		err := rows.Scan(&verdict)
		if verdict != "ok" {
			report(Damage{Code: DamagedFile, Record: s.path, Err: errors.New(verdict)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return eachRow(ctx, s.reader, "PRAGMA foreign_key_check", func(rows *sql.Rows) error {
		var table, parent string
		var row, key sql.NullInt64
		err := rows.Scan(&table, &row, &parent, &key)
		report(Damage{Code: DamagedKey, Record: fmt.Sprintf("%s, row %d", table, row.Int64), Err: match.Corruptf("names a row of %s that is not there", parent)})
		return err
	})
}

// rowChecks select, for each wrong row, a kind or follower, an id, a tenant and a JSON array
// of what Reason has verbs for.
var rowChecks = []struct {
	code        DamageCode
	Reason, sql string
}{
	{code: DamagedPointer, Reason: "revision %v, number %v, is named as the newest one and is not there",
		sql: `SELECT r.kind, r.id, r.tenant, json_array(r.number, r.seq)
		FROM record AS r LEFT JOIN revision AS v ON v.seq = r.seq
		WHERE v.seq IS NULL OR v.rid <> r.rid OR v.number <> r.number OR v.withdrawn <> r.withdrawn`},
	{code: DamagedPointer, Reason: "revisions 1 to %v should be there; there are %v, up to %v",
		sql: `SELECT r.kind, r.id, r.tenant, json_array(r.number, count(*), max(v.number))
		FROM revision AS v JOIN record AS r ON r.rid = v.rid GROUP BY v.rid
		HAVING count(*) <> r.number OR max(v.number) <> r.number OR max(v.seq) <> r.seq OR min(v.seq) <> r.rid`},
	{code: DamagedTally, Reason: "%v are counted, %v are kept as the count",
		sql: `SELECT kind, '', tenant, json_array(n, kept) FROM (
		SELECT r.kind, r.tenant, sum(NOT r.withdrawn) AS n, coalesce(t.live, 0) AS kept
		FROM record AS r LEFT JOIN tally AS t ON t.tenant = r.tenant AND t.kind = r.kind GROUP BY r.tenant, r.kind) WHERE n <> kept`},
	{code: DamagedRating, Reason: "its ratings are %v in %v, %v in %v are kept as the sum", sql: sqlWrongRatings},
	{code: DamagedMark, Reason: "says %v, the newest write is %v",
		sql: `SELECT follower, '', '', json_array(seq, (SELECT coalesce(max(seq), 0) FROM revision))
		FROM watermark WHERE seq > (SELECT coalesce(max(seq), 0) FROM revision)`},
	{code: StrayFailure, Reason: "is noted as failed by %v and is unknown",
		sql: `SELECT kind, id, tenant, json_array(follower) FROM failure AS f
		WHERE NOT EXISTS (SELECT 1 FROM record AS r WHERE r.tenant = f.tenant AND r.kind = f.kind AND r.id = f.id)`},
	{code: StrayLabel, Reason: "has labels and is unknown",
		sql: `SELECT 'demand', demand, tenant, '[]' FROM label AS l
		WHERE NOT EXISTS (SELECT 1 FROM record AS r WHERE r.tenant = l.tenant AND r.kind = 'demand' AND r.id = l.demand) GROUP BY tenant, demand`},
	{code: StrayLabel, Reason: "has labels and is unknown",
		sql: `SELECT 'patent', patent, tenant, '[]' FROM label AS l
		WHERE NOT EXISTS (SELECT 1 FROM record AS r WHERE r.tenant = l.tenant AND r.kind = 'patent' AND r.id = l.patent) GROUP BY tenant, patent`},
}

// sqlSumRatings are the sums as the ratings give them.
const sqlSumRatings = `SELECT tenant, CASE side WHEN 'demand' THEN 'patent' ELSE 'demand' END AS kind,
		CASE side WHEN 'demand' THEN patent ELSE demand END AS id, sum(stars) AS stars, count(*) AS count
	FROM rating GROUP BY 1, 2, 3`

const sqlWrongRatings = `SELECT coalesce(s.kind, r.kind), coalesce(s.id, r.id), coalesce(s.tenant, r.tenant),
		json_array(coalesce(s.stars, 0), coalesce(s.count, 0), coalesce(r.stars, 0), coalesce(r.count, 0))
	FROM (` + sqlSumRatings + `) AS s FULL JOIN rated AS r ON r.tenant = s.tenant AND r.kind = s.kind AND r.id = s.id
	WHERE coalesce(s.stars, 0) <> coalesce(r.stars, 0) OR coalesce(s.count, 0) <> coalesce(r.count, 0)`

// checkModels reads every model's file and every dataset.
func (s *Store) checkModels(ctx context.Context, report func(Damage)) error {
	models, err := s.Models(ctx)
	if err != nil {
		return err
	}
	for _, m := range models {
		if _, err := s.ModelFile(ctx, m.ID); match.KindOf(err) == match.Corrupt {
			report(Damage{Code: DamagedModel, Record: "model " + m.ID, Err: err})
		} else if err != nil {
			return err
		}
	}
	datasets, err := s.Datasets(ctx)
	if err != nil {
		return err
	}
	for _, d := range datasets {
		if _, err := s.DatasetBody(ctx, d.Name); match.KindOf(err) == match.Corrupt {
			report(Damage{Code: DamagedModel, Record: "dataset " + d.Name, Err: err})
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) checkRows(ctx context.Context, report func(Damage)) error {
	for _, c := range rowChecks {
		err := eachRow(ctx, s.reader, c.sql, func(rows *sql.Rows) error {
			d := Damage{Code: c.code}
			var list []byte
			err := rows.Scan(&d.Ref.Kind, &d.Ref.ID, &d.Ref.Tenant, &list)
			if err != nil {
				return err
			}
			var args []any
			numbers := json.NewDecoder(bytes.NewReader(list))
			numbers.UseNumber()
			if err := numbers.Decode(&args); err != nil {
				return err
			}
			d.Err = match.Corruptf(c.Reason, args...)
			if d.Record = string(d.Ref.Kind); d.Ref.ID != "" {
				d.Record = d.Ref.String()
			}
			report(d)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

const sqlBodies = `SELECT ` + columns + `, CASE WHEN v.seq = r.seq THEN r.hash END
	FROM revision AS v JOIN record AS r ON r.rid = v.rid ORDER BY v.seq`

func (s *Store) checkBodies(ctx context.Context, report func(Damage)) error {
	return eachRow(ctx, s.reader, sqlBodies, func(rows *sql.Rows) error {
		var hash sql.RawBytes
		r, body, err := scanBody(rows, &hash)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s, revision %d", r.Ref, r.Revision)
		err = revision.DecodeBody(&r, body)
		if err == nil {
			err = r.Validate()
		}
		if err != nil {
			report(Damage{Code: DamagedBody, Record: name, Ref: r.Ref, Err: err})
		}
		if want := revision.HashOf(r.Visibility, body); hash != nil && string(hash) != string(want[:]) {
			report(Damage{Code: DamagedHash, Record: name, Ref: r.Ref, Err: match.Corruptf("the body has the hash %x, %x was written", want[:6], []byte(hash[:min(6, len(hash))]))})
		}
		return nil
	})
}

// eachRow calls scan for each row of a query that is asked once.
func eachRow(ctx context.Context, db *sql.DB, query string, scan func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query)
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
}

// Recount writes the kept counts and sums anew, from the records and the ratings.
func (s *Store) Recount(ctx context.Context) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO tally (tenant, kind, live)
			SELECT tenant, kind, sum(NOT withdrawn) FROM record GROUP BY tenant, kind`)
		if err == nil {
			_, err = tx.Exec(`DELETE FROM rated`)
		}
		if err == nil {
			_, err = tx.Exec(`INSERT INTO rated (tenant, kind, id, stars, count) ` + sqlSumRatings)
		}
		return err
	})
	return s.failed(err, "count the records again")
}
