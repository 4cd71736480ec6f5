package instance

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
)

// WordDir is the folder of the words of a kind.
func WordDir(data string, kind match.Kind) string {
	return filepath.Join(data, "words", string(kind)+"s")
}

// openWords opens the words of a kind. Those that cannot be read, or that speak of
// writes which the store does not have, are thrown away: the catalog reads them again
// from the records. In read-only mode they are then kept in memory.
func (in *Instance) openWords(ctx context.Context, c Config, kind match.Kind) (lexical.Index, error) {
	if served, err := c.WordsServed(); err != nil || served {
		if err != nil {
			return nil, err
		}
		return openServedWords(ctx, c, kind)
	}
	dir := WordDir(c.Data, kind)
	if c.ReadOnly {
		x, err := segment.OpenReadOnly(dir)
		if unusable(err) {
			return bigram.New(), nil
		}
		return x, err
	}
	x, err := segment.Open(dir)
	if err == nil {
		last, failed := in.Store.LastSeq(ctx, kind)
		if failed == nil && x.Mark() <= last {
			return x, nil
		}
		if failed != nil {
			return nil, errors.Join(failed, x.Close())
		}
		err = errors.Join(&match.Error{Kind: match.Stale, Record: dir, Reason: "has words of more writes than there are"}, x.Close())
	}
	if !unusable(err) {
		return nil, err
	}
	c.Log.Error("words cannot be used and are read again from the records", "error", err)
	if err := segment.Discard(dir); err != nil {
		return nil, err
	}
	return segment.Open(dir)
}

// WordsServed tells whether words are on the server of the vectors, as Index says with
// words=qdrant or words=local. Without that they are where records are: replicas of one
// store then share them, and need nothing in their folders.
func (c Config) WordsServed() (bool, error) {
	if c.Index == "" {
		return false, nil
	}
	at, err := parseRemote(c.Index)
	return at.words == wordsServed || at.words == "" && c.Store != "", err
}

// openServedWords opens words on the server.
func openServedWords(ctx context.Context, c Config, kind match.Kind) (lexical.Index, error) {
	at, err := c.remote()
	if err != nil {
		return nil, err
	}
	w, err := qdrant.OpenWords(ctx, at.Config, collection(kind))
	if err != nil {
		return nil, err
	}
	report(c.Log, w.Differences())
	return w, nil
}

func unusable(err error) bool {
	kind := match.KindOf(err)
	return err != nil && (kind == match.Corrupt || kind == match.Stale)
}

// VerifyWords reads all words of a kind, and returns of how many records they are and
// the mark. What is wrong with them is an error of kind match.Corrupt or match.Stale.
func VerifyWords(ctx context.Context, c Config, kind match.Kind) (records int, mark int64, err error) {
	served, err := c.WordsServed()
	if err != nil {
		return 0, 0, err
	}
	if !served {
		return segment.Verify(WordDir(c.Data, kind))
	}
	at, err := c.remote()
	if err != nil {
		return 0, 0, err
	}
	w, err := qdrant.OpenWords(ctx, at.Config, collection(kind))
	if err != nil {
		return 0, 0, err
	}
	records, mark, err = w.Verify(ctx)
	return records, mark, errors.Join(err, w.Close())
}

// DiscardWords throws the words of a kind away: Open reads them again from the records.
func DiscardWords(ctx context.Context, c Config, kind match.Kind) error {
	served, err := c.WordsServed()
	if err != nil {
		return err
	}
	if !served {
		return segment.Discard(WordDir(c.Data, kind))
	}
	at, err := c.remote()
	if err != nil {
		return err
	}
	return qdrant.DiscardWords(ctx, at.Config, collection(kind))
}

// Differences says how the settings of an index on a server differ from those that are
// configured.
func Differences(ix any) []qdrant.Difference {
	on, ok := ix.(interface{ Differences() []qdrant.Difference })
	if !ok {
		return nil
	}
	return on.Differences()
}
