package qdrant

import (
	"context"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/lexical"
)

// Client gives tests the bare client of the first node.
func (c Config) Client() (*qdrant.Client, error) { return c.client(c.Addrs[0], nil) }

// CollectionName is the name by which a collection is spoken of, Numbered that of the
// first collection behind it.
var CollectionName = collectionName

func Numbered(name string) string { return numbered(name, 1) }

// RebaseAfter lets a Flush make a new base of the statistics after so many documents.
func (w *Words) RebaseAfter(n int) { w.most = n }

// Names are those of the two collections.
func (w *Words) Names() (docs, notes string) { return w.collection, w.notes.collection }

// Recent is how many documents were written since the base.
func (w *Words) Recent() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.stats.recent)
}

// Counted are how many documents the statistics have, and how many of them have a term.
func (w *Words) Counted(term string) (all, having int) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.stats.table.Texts(), w.stats.table.Having(lexical.Key([]rune(term)))
}

// DimensionOf is the dimension of a term in sparse vectors.
func DimensionOf(term string) uint32 { return dimensionOf(lexical.Key([]rune(term))) }

// Nodes are the ways to a server, without a collection.
type Nodes struct{ remote }

func (c Config) Nodes() (*Nodes, error) {
	c = c.withDefaults()
	nodes, err := c.connect()
	return &Nodes{remote{nodes: nodes, addr: c.address(), timeout: c.Timeout}}, err
}

func (n *Nodes) List(ctx context.Context) error { _, err := n.list(ctx); return err }
func (n *Nodes) Close() error                   { return n.nodes.close() }
