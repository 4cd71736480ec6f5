package instance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// Kinds are the sides of the market, in the order in which they are opened.
var Kinds = []match.Kind{match.PatentKind, match.DemandKind}

// VectorSpec says what the collection of a kind holds under an embedder.
func VectorSpec(kind match.Kind, e embed.Embedder) index.Spec {
	return index.Spec{Collection: string(kind) + "s", Model: e.Identity(), Dim: e.Dim(), Vectors: retrieve.VectorNames()}
}

// VectorDir is the folder of the built-in index for a model; each model has its
// own, so that vectors of two models never meet.
func VectorDir(data, model string) string {
	sum := sha256.Sum256([]byte(model))
	return filepath.Join(data, "vectors", hex.EncodeToString(sum[:6]))
}

// OpenVectors opens a collection as it is; the errors are those of flat.Open.
func OpenVectors(ctx context.Context, c Config, spec index.Spec) (index.Index, error) {
	switch dir := VectorDir(c.Data, spec.Model); {
	case c.Index != "" && c.ReadOnly:
		ix, err := openRemote(ctx, c, spec)
		return unwritten{ix}, err
	case c.Index != "":
		return openRemote(ctx, c, spec)
	case c.ReadOnly:
		return flat.OpenReadOnly(dir, spec)
	default:
		return flat.Open(dir, spec)
	}
}

// openSound is OpenVectors that puts a log which cannot be read out of the way: the
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
	aside, failed := SetAside(flat.Path(VectorDir(c.Data, spec.Model), spec.Collection), kind)
	if failed != nil {
		return nil, errors.Join(err, failed)
	}
	log.Error("a vector log cannot be read; its vectors are made again from the records", "error", err, "kept_as", aside)
	return OpenVectors(ctx, c, spec)
}

// SetAside renames a vector log that was found to be of the given kind of error, and
// returns its new name, such as patents.vec.corrupt-1.
func SetAside(path string, kind match.ErrorKind) (string, error) {
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.%s-%d", path, kind, n)
		if _, err := os.Lstat(aside); !errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.Rename(path, aside); err != nil {
			return "", &match.Error{Kind: match.Unavailable, Record: path, Reason: "cannot be moved aside", Err: err}
		}
		return aside, nil
	}
}
