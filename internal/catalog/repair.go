package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// Remake embeds and indexes the newest revisions of records again, whatever their
// state. Those that fail are noted.
func (c *Catalog) Remake(ctx context.Context, refs []match.Ref) error {
	attempts := map[match.Ref]int{}
	for kind, f := range c.followers() {
		var own []match.Ref
		for _, ref := range refs {
			if ref.Kind == kind {
				own = append(own, ref)
			}
		}
		for chunk := range slices.Chunk(own, batchSize) {
			if err := f.remake(ctx, chunk, attempts); err != nil {
				return fmt.Errorf("making the vectors of %d %ss again: %w", len(chunk), kind, err)
			}
		}
	}
	return nil
}

func (f *follower) remake(ctx context.Context, refs []match.Ref, attempts map[match.Ref]int) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	_, err := f.retryRefs(ctx, refs, attempts)
	return err
}

// Drop takes keys that belong to no live record out of the vectors and words of a kind.
func (c *Catalog) Drop(ctx context.Context, kind match.Kind, keys []string) error {
	if f := c.wordFollowers()[kind]; f != nil {
		if err := f.dropWords(ctx, keys); err != nil {
			return err
		}
	}
	f := c.followers()[kind]
	f.turn.Lock()
	defer f.turn.Unlock()
	if err := f.vectors.Delete(ctx, keys); err != nil {
		return err
	}
	if f.words != nil { // else they are on a server
		if err := f.words.Delete(ctx, keys); err != nil {
			return err
		}
		if err := f.keepWords(ctx, 0); err != nil {
			return err
		}
	}
	return f.vectors.Flush(ctx)
}
