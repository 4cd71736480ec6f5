package instance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"path/filepath"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// Kinds are the sides of the market, in the order in which they are opened.
var Kinds = []match.Kind{match.PatentKind, match.DemandKind}

// VectorSpec says what the collection of a kind holds under an embedder.
func VectorSpec(kind match.Kind, e embed.Embedder) index.Spec {
	return index.Spec{Collection: collection(kind), Model: e.Identity(), Dim: e.Dim(), Vectors: retrieve.VectorNames()}
}

func collection(kind match.Kind) string { return string(kind) + "s" }

// VectorDir is the folder of the built-in index for a model; each model has its
// own, so that vectors of two models never meet.
func VectorDir(data, model string) string {
	sum := sha256.Sum256([]byte(model))
	return filepath.Join(data, "vectors", hex.EncodeToString(sum[:6]))
}

// OpenVectors opens a collection as it is; the errors are those of segment.Open.
func OpenVectors(ctx context.Context, c Config, spec index.Spec) (index.Index, error) {
	switch dir := VectorDir(c.Data, spec.Model); {
	case c.Index != "" && c.ReadOnly:
		ix, err := openRemote(ctx, c, spec)
		return unwritten{ix}, err
	case c.Index != "":
		return openRemote(ctx, c, spec)
	case c.ReadOnly:
		return opened(segment.OpenReadOnly(dir, spec, segment.Options{}))
	default:
		return opened(segment.Open(dir, spec, segment.Options{}))
	}
}

// opened keeps an error from coming with an index that is nil in an interface.
func opened(ix *segment.Index, err error) (index.Index, error) {
	if err != nil {
		return nil, err
	}
	return ix, nil
}

// openSound is OpenVectors that puts files which cannot be read out of the way: the
// catalog finds the vectors missing and makes them again from the records.
func openSound(ctx context.Context, c Config, spec index.Spec, log *slog.Logger) (index.Index, error) {
	ix, err := OpenVectors(ctx, c, spec)
	kind := match.KindOf(err)
	if err == nil || c.Index != "" || kind != match.Corrupt && kind != match.Stale {
		return ix, err
	}
	if c.ReadOnly {
		return flat.Open("", spec) // in memory; the file is not ours
	}
	aside, failed := segment.SetAside(DamagedFile(err, c, spec), kind)
	if failed != nil {
		return nil, errors.Join(err, failed)
	}
	if kind == match.Stale {
		log.Warn("the vectors are in an older format, and are made again from the records", "error", err)
	} else {
		log.Error("a vector file cannot be read; its vectors are made again from the records", "error", err, "kept_as", aside)
	}
	return OpenVectors(ctx, c, spec)
}

// DamagedFile is the file that an error of OpenVectors, of kind match.Corrupt or
// match.Stale, is about.
func DamagedFile(err error, c Config, spec index.Spec) string {
	dir := VectorDir(c.Data, spec.Model)
	var about *match.Error
	if errors.As(err, &about) && filepath.Dir(about.Record) == dir {
		return about.Record
	}
	return segment.LogPath(dir, spec.Collection)
}
