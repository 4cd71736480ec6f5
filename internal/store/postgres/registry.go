package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// modelPart is the size of a part of a model's file.
const modelPart = 1 << 20

const (
	sqlFindModel    = `SELECT sha256 FROM model WHERE id = $1`
	sqlPutModel     = `INSERT INTO model (id, at, size, sha256, info) VALUES ($1, $2, $3, $4, $5)`
	sqlPutModelPart = `INSERT INTO model_part (model, number, bytes) VALUES ($1, $2, $3)`
	sqlModels       = `SELECT id, at, size, sha256, info FROM model WHERE id > '' ORDER BY id`
	sqlModelSum     = `SELECT sha256 FROM model WHERE id = $1`
	sqlModelParts   = `SELECT bytes FROM model_part WHERE model = $1 ORDER BY number`

	// The turn to change settings and models is held until the commit is visible.
	sqlSettingTurn    = `SELECT pg_advisory_xact_lock(hashtextextended('duijie/settings/' || current_schema(), 0))`
	sqlSettingSeq     = `SELECT coalesce(max(seq), 0) FROM setting_change`
	sqlFindSetting    = `SELECT value, seq FROM setting WHERE name = $1`
	sqlPutSetting     = `INSERT INTO setting (name, value, seq) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET value = excluded.value, seq = excluded.seq`
	sqlDropSetting    = `DELETE FROM setting WHERE name = $1`
	sqlPutChange      = `INSERT INTO setting_change (seq, name, value, before, action, who, reason, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlSettings       = `SELECT name, value, seq FROM setting WHERE name > '' ORDER BY name`
	changeColumns     = `seq, name, value, before, action, who, reason, detail, at`
	sqlHistory        = `SELECT ` + changeColumns + ` FROM setting_change WHERE seq < $1 ORDER BY seq DESC LIMIT $2`
	sqlSettingHistory = `SELECT ` + changeColumns + ` FROM setting_change WHERE name = $3 AND seq < $1 ORDER BY seq DESC LIMIT $2`

	sqlPutDataset = `INSERT INTO dataset (name, at, sha256, info, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
	sqlDatasets   = `SELECT name, at, sha256, info FROM dataset WHERE name > '' ORDER BY name`
	sqlDataset    = `SELECT sha256, body FROM dataset WHERE name = $1`
)

// inSettings runs work in a transaction that holds the turn to change settings and models.
func (s *Store) inSettings(ctx context.Context, work func(pgx.Tx) error) error {
	if s.readOnly {
		return errReadOnly
	}
	return s.retry(ctx, func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, sqlSettingTurn); err != nil {
				return err
			}
			return work(tx)
		})
	})
}

// PutModel keeps a version; see store.Registry.
func (s *Store) PutModel(ctx context.Context, m store.ModelVersion, file []byte) error {
	sum := sha256.Sum256(file)
	err := s.inSettings(ctx, func(tx pgx.Tx) error {
		var there []byte
		switch err := tx.QueryRow(ctx, sqlFindModel, m.ID).Scan(&there); {
		case err == nil && bytes.Equal(there, sum[:]):
			return nil
		case err == nil:
			return &match.Error{Kind: match.Conflict, Record: "model " + m.ID, Reason: "is there with another file"}
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		if _, err := tx.Exec(ctx, sqlPutModel, m.ID, s.clock().UnixMicro(), len(file), sum[:], string(m.Info)); err != nil {
			return err
		}
		for n := 0; n*modelPart < len(file); n++ {
			if _, err := tx.Exec(ctx, sqlPutModelPart, m.ID, n, file[n*modelPart:min(len(file), (n+1)*modelPart)]); err != nil {
				return err
			}
		}
		return nil
	})
	return s.failed(err, "put the model %s", m.ID)
}

// Models lists versions; see store.Registry.
func (s *Store) Models(ctx context.Context) (out []store.ModelVersion, err error) {
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		var m store.ModelVersion
		var at int64
		var sum []byte
		var info string
		if err := rows.Scan(&m.ID, &at, &m.Size, &sum, &info); err != nil {
			return err
		}
		m.At, m.Info = time.UnixMicro(at).UTC(), []byte(info)
		copy(m.SHA256[:], sum)
		out = append(out, m)
		return nil
	}, sqlModels)
	return out, s.failed(err, "list the models")
}

// ModelFile returns a file; see store.Registry.
func (s *Store) ModelFile(ctx context.Context, id string) (file []byte, err error) {
	var sum []byte
	if storable(id) {
		err = s.one(ctx, sqlModelSum, []any{id}, &sum)
	}
	if err == nil && sum == nil {
		return nil, &match.Error{Kind: match.NotFound, Record: "model " + id, Reason: "there is no such model"}
	}
	if err == nil {
		err = s.each(ctx, func() { file = nil }, func(rows pgx.Rows) error {
			var part []byte
			err := rows.Scan(&part)
			file = append(file, part...)
			return err
		}, sqlModelParts, id)
	}
	if err != nil {
		return nil, s.failed(err, "read the model %s", id)
	}
	if got := sha256.Sum256(file); !bytes.Equal(got[:], sum) {
		return nil, &match.Error{Kind: match.Corrupt, Record: "model " + id, Reason: "is not what was stored: its checksum does not match"}
	}
	return file, nil
}

// ChangeSetting changes a setting; see store.Registry. Where the connection was lost in
// the middle, a change that is based on a number may fail with match.Conflict though it
// was made: its number is then the newest one.
func (s *Store) ChangeSetting(ctx context.Context, c store.SettingChange) (seq int64, err error) {
	err = s.inSettings(ctx, func(tx pgx.Tx) error {
		var before string
		var since int64
		if err := tx.QueryRow(ctx, sqlFindSetting, c.Name).Scan(&before, &since); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if c.Since >= 0 && c.Since != since {
			return (&match.Error{Kind: match.Conflict, Record: c.Name}).Because("was changed by another one in the meantime: change %d is the newest", since)
		}
		if err := tx.QueryRow(ctx, sqlSettingSeq).Scan(&seq); err != nil {
			return err
		}
		seq++
		if _, err := tx.Exec(ctx, sqlPutChange, seq, c.Name, c.Value, before, c.Action, c.By, c.Reason, string(c.Detail), s.clock().UnixMicro()); err != nil {
			return err
		}
		if c.Value == "" {
			_, err := tx.Exec(ctx, sqlDropSetting, c.Name)
			return err
		}
		_, err := tx.Exec(ctx, sqlPutSetting, c.Name, c.Value, seq)
		return err
	})
	return seq, s.failed(err, "change the setting %s", c.Name)
}

// Settings returns all; see store.Registry.
func (s *Store) Settings(ctx context.Context) (out []store.Setting, seq int64, err error) {
	err = s.retry(ctx, func(ctx context.Context) error {
		return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, sqlSettings)
			if err != nil {
				return err
			}
			if out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (one store.Setting, err error) {
				err = row.Scan(&one.Name, &one.Value, &one.Seq)
				return one, err
			}); err != nil {
				return err
			}
			return tx.QueryRow(ctx, sqlSettingSeq).Scan(&seq)
		})
	})
	if len(out) == 0 {
		out = nil
	}
	return out, seq, s.failed(err, "read the settings")
}

// SettingSeq is the newest number; see store.Registry.
func (s *Store) SettingSeq(ctx context.Context) (seq int64, err error) {
	err = s.one(ctx, sqlSettingSeq, nil, &seq)
	return seq, s.failed(err, "read the newest change of a setting")
}

// SettingHistory returns changes; see store.Registry.
func (s *Store) SettingHistory(ctx context.Context, name string, before int64, limit int) (out []store.SettingChange, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	if before <= 0 {
		before = 1 << 62
	}
	query, args := sqlHistory, []any{before, limit}
	if name != "" {
		query, args = sqlSettingHistory, append(args, name)
	}
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		var c store.SettingChange
		var at int64
		var detail string
		if err := rows.Scan(&c.Seq, &c.Name, &c.Value, &c.Before, &c.Action, &c.By, &c.Reason, &detail, &at); err != nil {
			return err
		}
		if detail != "" {
			c.Detail = []byte(detail)
		}
		c.At = time.UnixMicro(at).UTC()
		out = append(out, c)
		return nil
	}, query, args...)
	return out, s.failed(err, "read the history of %q", name)
}

// PutDataset keeps a dataset; see store.Registry. Where the connection was lost in the
// middle, it may fail with match.Conflict though it was kept.
func (s *Store) PutDataset(ctx context.Context, d store.Dataset, body []byte) error {
	sum := sha256.Sum256(body)
	n, err := s.exec(ctx, sqlPutDataset, d.Name, s.clock().UnixMicro(), sum[:], string(d.Info), body)
	if err == nil && n == 0 {
		err = &match.Error{Kind: match.Conflict, Record: "dataset " + d.Name, Reason: "there is one of this name; frozen datasets are never changed"}
	}
	return s.failed(err, "put the dataset %s", d.Name)
}

// Datasets lists them; see store.Registry.
func (s *Store) Datasets(ctx context.Context) (out []store.Dataset, err error) {
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		var d store.Dataset
		var at int64
		var sum []byte
		var info string
		if err := rows.Scan(&d.Name, &at, &sum, &info); err != nil {
			return err
		}
		d.At, d.Info = time.UnixMicro(at).UTC(), []byte(info)
		copy(d.SHA256[:], sum)
		out = append(out, d)
		return nil
	}, sqlDatasets)
	return out, s.failed(err, "list the datasets")
}

// DatasetBody returns a body; see store.Registry.
func (s *Store) DatasetBody(ctx context.Context, name string) (body []byte, err error) {
	var sum []byte
	if storable(name) {
		err = s.one(ctx, sqlDataset, []any{name}, &sum, &body)
	}
	switch got := sha256.Sum256(body); {
	case err != nil:
		return nil, s.failed(err, "read the dataset %s", name)
	case sum == nil:
		return nil, &match.Error{Kind: match.NotFound, Record: "dataset " + name, Reason: "there is no such dataset"}
	case !bytes.Equal(got[:], sum):
		return nil, &match.Error{Kind: match.Corrupt, Record: "dataset " + name, Reason: "is not what was stored: its checksum does not match"}
	}
	return body, nil
}
