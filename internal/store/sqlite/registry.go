package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// modelPart is the size of a part of a model's file: a row of many megabytes would
// keep readers of other rows waiting for memory.
const modelPart = 1 << 20

const (
	sqlFindModel    = `SELECT sha256 FROM model WHERE id = ?1`
	sqlPutModel     = `INSERT INTO model (id, at, size, sha256, info) VALUES (?1, ?2, ?3, ?4, ?5)`
	sqlPutModelPart = `INSERT INTO model_part (model, number, bytes) VALUES (?1, ?2, ?3)`
	sqlModels       = `SELECT id, at, size, sha256, info FROM model WHERE id > '' ORDER BY id`
	sqlModelSum     = `SELECT size, sha256 FROM model WHERE id = ?1`
	sqlModelParts   = `SELECT bytes FROM model_part WHERE model = ?1 ORDER BY number`

	sqlSettingSeq     = `SELECT coalesce(max(seq), 0) FROM setting_change`
	sqlFindSetting    = `SELECT value, seq FROM setting WHERE name = ?1`
	sqlPutSetting     = `INSERT OR REPLACE INTO setting (name, value, seq) VALUES (?1, ?2, ?3)`
	sqlDropSetting    = `DELETE FROM setting WHERE name = ?1`
	sqlPutChange      = `INSERT INTO setting_change (seq, name, value, before, action, who, reason, detail, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	sqlSettings       = `SELECT name, value, seq FROM setting WHERE name > '' ORDER BY name`
	changeColumns     = `seq, name, value, before, action, who, reason, detail, at`
	sqlHistory        = `SELECT ` + changeColumns + ` FROM setting_change WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2`
	sqlSettingHistory = `SELECT ` + changeColumns + ` FROM setting_change WHERE name = ?3 AND seq < ?1 ORDER BY seq DESC LIMIT ?2`

	sqlFindDataset = `SELECT 1 FROM dataset WHERE name = ?1`
	sqlPutDataset  = `INSERT INTO dataset (name, at, sha256, info, body) VALUES (?1, ?2, ?3, ?4, ?5)`
	sqlDatasets    = `SELECT name, at, sha256, info FROM dataset WHERE name > '' ORDER BY name`
	sqlDatasetBody = `SELECT sha256, body FROM dataset WHERE name = ?1`
)

// PutModel keeps a version; see store.Registry.
func (s *Store) PutModel(ctx context.Context, m store.ModelVersion, file []byte) error {
	sum := sha256.Sum256(file)
	err := s.write(ctx, func(tx *sql.Tx) error {
		var there []byte
		switch err := tx.Stmt(s.put.findModel).QueryRow(m.ID).Scan(&there); {
		case err == nil && bytes.Equal(there, sum[:]):
			return nil
		case err == nil:
			return &match.Error{Kind: match.Conflict, Record: "model " + m.ID, Reason: "is there with another file"}
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if _, err := tx.Stmt(s.put.putModel).Exec(m.ID, s.clock().UnixMicro(), len(file), sum[:], string(m.Info)); err != nil {
			return err
		}
		part := tx.Stmt(s.put.putModelPart)
		for n := 0; n*modelPart < len(file); n++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if _, err := part.Exec(m.ID, n, file[n*modelPart:min(len(file), (n+1)*modelPart)]); err != nil {
				return err
			}
		}
		return nil
	})
	return s.failed(err, "put the model %s", m.ID)
}

// Models lists versions; see store.Registry.
func (s *Store) Models(ctx context.Context) (out []store.ModelVersion, err error) {
	err = each(ctx, s.read.models, func(rows *sql.Rows) error {
		var m store.ModelVersion
		var at int64
		var sum sql.RawBytes
		if err := rows.Scan(&m.ID, &at, &m.Size, &sum, &m.Info); err != nil {
			return err
		}
		m.At = time.UnixMicro(at).UTC()
		copy(m.SHA256[:], sum)
		out = append(out, m)
		return nil
	})
	return out, s.failed(err, "list the models")
}

// ModelFile returns a file; see store.Registry.
func (s *Store) ModelFile(ctx context.Context, id string) ([]byte, error) {
	var size int
	var sum []byte
	err := s.read.modelSum.QueryRowContext(ctx, id).Scan(&size, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &match.Error{Kind: match.NotFound, Record: "model " + id, Reason: "there is no such model"}
	}
	file := make([]byte, 0, size)
	if err == nil {
		err = each(ctx, s.read.modelParts, func(rows *sql.Rows) error {
			var part sql.RawBytes
			err := rows.Scan(&part)
			file = append(file, part...)
			return err
		}, id)
	}
	if err != nil {
		return nil, s.failed(err, "read the model %s", id)
	}
	if got := sha256.Sum256(file); !bytes.Equal(got[:], sum) {
		return nil, &match.Error{Kind: match.Corrupt, Record: "model " + id, Reason: "is not what was stored: its checksum does not match"}
	}
	return file, nil
}

// ChangeSetting changes a setting; see store.Registry.
func (s *Store) ChangeSetting(ctx context.Context, c store.SettingChange) (seq int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		var before string
		var since int64
		if err := tx.Stmt(s.put.findSetting).QueryRow(c.Name).Scan(&before, &since); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if c.Since >= 0 && c.Since != since {
			return (&match.Error{Kind: match.Conflict, Record: c.Name}).Because("was changed by another one in the meantime: change %d is the newest", since)
		}
		if err := tx.Stmt(s.put.settingSeq).QueryRow().Scan(&seq); err != nil {
			return err
		}
		seq++
		if _, err := tx.Stmt(s.put.putChange).Exec(seq, c.Name, c.Value, before, c.Action, c.By, c.Reason, string(c.Detail), s.clock().UnixMicro()); err != nil {
			return err
		}
		if c.Value == "" {
			_, err := tx.Stmt(s.put.dropSetting).Exec(c.Name)
			return err
		}
		_, err := tx.Stmt(s.put.putSetting).Exec(c.Name, c.Value, seq)
		return err
	})
	return seq, s.failed(err, "change the setting %s", c.Name)
}

// Settings returns all; see store.Registry.
func (s *Store) Settings(ctx context.Context) (out []store.Setting, seq int64, err error) {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, 0, s.failed(err, "read the settings")
	}
	defer tx.Rollback() // nothing was written
	err = each(ctx, tx.Stmt(s.read.settings), func(rows *sql.Rows) error {
		var one store.Setting
		err := rows.Scan(&one.Name, &one.Value, &one.Seq)
		out = append(out, one)
		return err
	})
	if err == nil {
		err = tx.Stmt(s.read.settingSeq).QueryRowContext(ctx).Scan(&seq)
	}
	return out, seq, s.failed(err, "read the settings")
}

// SettingSeq is the newest number; see store.Registry.
func (s *Store) SettingSeq(ctx context.Context) (seq int64, err error) {
	err = s.read.settingSeq.QueryRowContext(ctx).Scan(&seq)
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
	query, args := s.read.history, []any{before, limit}
	if name != "" {
		query, args = s.read.settingHistory, append(args, name)
	}
	err = each(ctx, query, func(rows *sql.Rows) error {
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
	}, args...)
	return out, s.failed(err, "read the history of %q", name)
}

// PutDataset keeps a dataset; see store.Registry.
func (s *Store) PutDataset(ctx context.Context, d store.Dataset, body []byte) error {
	sum := sha256.Sum256(body)
	err := s.write(ctx, func(tx *sql.Tx) error {
		var there int
		switch err := tx.Stmt(s.put.findDataset).QueryRow(d.Name).Scan(&there); {
		case err == nil:
			return &match.Error{Kind: match.Conflict, Record: "dataset " + d.Name, Reason: "there is one of this name; frozen datasets are never changed"}
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		_, err := tx.Stmt(s.put.putDataset).Exec(d.Name, s.clock().UnixMicro(), sum[:], string(d.Info), body)
		return err
	})
	return s.failed(err, "put the dataset %s", d.Name)
}

// Datasets lists them; see store.Registry.
func (s *Store) Datasets(ctx context.Context) (out []store.Dataset, err error) {
	err = each(ctx, s.read.datasets, func(rows *sql.Rows) error {
		var d store.Dataset
		var at int64
		var sum sql.RawBytes
		if err := rows.Scan(&d.Name, &at, &sum, &d.Info); err != nil {
			return err
		}
		d.At = time.UnixMicro(at).UTC()
		copy(d.SHA256[:], sum)
		out = append(out, d)
		return nil
	})
	return out, s.failed(err, "list the datasets")
}

// DatasetBody returns a body; see store.Registry.
func (s *Store) DatasetBody(ctx context.Context, name string) ([]byte, error) {
	var sum, body []byte
	err := s.read.datasetBody.QueryRowContext(ctx, name).Scan(&sum, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &match.Error{Kind: match.NotFound, Record: "dataset " + name, Reason: "there is no such dataset"}
	}
	if err != nil {
		return nil, s.failed(err, "read the dataset %s", name)
	}
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, &match.Error{Kind: match.Corrupt, Record: "dataset " + name, Reason: "is not what was stored: its checksum does not match"}
	}
	return body, nil
}
