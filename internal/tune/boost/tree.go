package boost

import (
	"errors"
	"fmt"
	"math"
)

// Tree is a binary tree. Node 0 is the root, or the only leaf.
type Tree struct {
	Nodes []Node
}

// Node is a split, or a leaf where Left is 0. A value v of Feature goes left when
// v <= Threshold; a missing one goes left when MissingLeft is set.
type Node struct {
	Feature     int32
	Left, Right int32
	MissingLeft bool
	Threshold   float32
	// Value is what a leaf adds to the prediction.
	Value float64
	// Cover is the share of the training rows that came by.
	Cover float64
}

func (n *Node) leaf() bool { return n.Left == 0 }

func (n *Node) goesLeft(v float32) bool {
	if v != v {
		return n.MissingLeft
	}
	return v <= n.Threshold
}

func (t *Tree) predict(row []float32) float64 {
	at := int32(0)
	for {
		n := &t.Nodes[at]
		if n.leaf() {
			return n.Value
		}
		if n.goesLeft(row[n.Feature]) {
			at = n.Left
		} else {
			at = n.Right
		}
	}
}

// Forest is a sum of trees. It is safe for concurrent use.
type Forest struct {
	Columns int
	Base    float64 // the prediction without any tree
	Trees   []Tree
}

// Predict is the sum over the trees for a row of Columns features.
func (f *Forest) Predict(row []float32) float64 {
	sum := f.Base
	for i := range f.Trees {
		sum += f.Trees[i].predict(row)
	}
	return sum
}

// below is the largest float32 that is not above x, so that thresholds chosen in
// double precision split values in single precision in the same way.
func below(x float64) float32 {
	f := float32(x)
	if float64(f) > x {
		return math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

// Check tells why a tree that was read from a file cannot be one: every split has
// two children further on in the list and a feature below columns.
func (t *Tree) Check(columns int) error {
	if len(t.Nodes) == 0 {
		return errors.New("it has no node")
	}
	for i, n := range t.Nodes {
		if n.leaf() {
			continue
		}
		last := int32(len(t.Nodes))
		if n.Left <= int32(i) || n.Right <= int32(i) || n.Left >= last || n.Right >= last || n.Feature < 0 || int(n.Feature) >= columns {
			return fmt.Errorf("node %d is split by feature %d into %d and %d", i, n.Feature, n.Left, n.Right)
		}
	}
	return nil
}
