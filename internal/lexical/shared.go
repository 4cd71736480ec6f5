package lexical

import "context"

// Shared is an Index on a server, which several processes have open at once. At any
// time one of them writes; who that is they agree upon elsewhere.
type Shared interface {
	Index
	// Refresh takes note of what other processes have written. Until then their
	// documents may be found, but the statistics of scores are without them; also
	// Mark is that of the last Refresh or Flush of this process.
	Refresh(ctx context.Context) error
	// Lead is Refresh for the process that writes from here on. Statistics that do not
	// fit the documents are made again.
	Lead(ctx context.Context) error
}
