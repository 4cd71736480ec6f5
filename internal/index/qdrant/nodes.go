package qdrant

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/qdrant/go-client/qdrant"
)

// nodes are the ways to one server: itself, or several nodes of a cluster, each of
// which answers for all.
type nodes struct {
	list []*node
	turn atomic.Uint32
}

type node struct {
	addr   string
	client *qdrant.Client
	// failed is when it last did not answer, in Unix nanoseconds; 0 since it answered.
	failed atomic.Int64
}

// restFor is how long a node that did not answer is passed over while there are others.
const restFor = 2 * time.Second

// next returns the node whose turn it is, passing over those that failed lately: of
// nothing but such, the one that failed longest ago.
func (n *nodes) next() *node {
	first, now := int(n.turn.Add(1)), time.Now().UnixNano()
	var longest *node
	for i := range n.list {
		at := n.list[(first+i)%len(n.list)]
		failed := at.failed.Load()
		if failed == 0 || now-failed > int64(restFor) {
			return at
		}
		if longest == nil || failed < longest.failed.Load() {
			longest = at
		}
	}
	return longest
}

func (n *node) answered()      { n.failed.Store(0) }
func (n *node) didNotAnswer()  { n.failed.Store(time.Now().UnixNano()) }
func (n *nodes) several() bool { return len(n.list) > 1 }

func (n *nodes) close() error {
	var errs []error
	for _, at := range n.list {
		errs = append(errs, at.client.Close())
	}
	return errors.Join(errs...)
}
