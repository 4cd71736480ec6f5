package catalog

import (
	"context"

	"github.com/duijie/duijie/internal/index"
)

// reshape gives a collection on a server the settings that it is configured with, once,
// when this process begins to write it. Answers go on meanwhile, and writes wait in the
// store. Where it fails, the collection stays as it is.
func (f *follower) reshape(ctx context.Context) {
	if !f.shapes {
		return
	}
	f.shapes = false
	var on any = f.vectors
	if f.shared != nil {
		on = f.shared
	}
	r, ok := on.(index.Reshaper)
	if !ok {
		return
	}
	did, err := r.Reshape(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		f.log.Error("a collection could not get its settings and stays as it is until the next start", "error", err)
	case did:
		f.log.Warn("a collection has got its settings")
	}
}
