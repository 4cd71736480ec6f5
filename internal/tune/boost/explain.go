package boost

// Explain adds each feature's exact contribution to the prediction for row to out,
// which has Columns places, and returns the prediction of the average row: that
// and the contributions add up to Predict.
//
// The contributions are Shapley values of the path-dependent game: a feature that
// is not known goes both ways, by the shares of the training rows (TreeSHAP,
// Lundberg et al., "From local explanations to global understanding with
// explainable AI for trees", 2020, algorithm 2).
func (f *Forest) Explain(row []float32, out []float64) float64 {
	mean := f.Base
	for i := range f.Trees {
		t := &f.Trees[i]
		mean += t.mean(0)
		e := explainer{tree: t, row: row, out: out}
		e.visit(0, nil, 1, 1, -1)
	}
	return mean
}

// mean is the prediction of a node averaged over the training rows.
func (t *Tree) mean(at int32) float64 {
	n := &t.Nodes[at]
	if n.leaf() {
		return n.Value
	}
	l, r := &t.Nodes[n.Left], &t.Nodes[n.Right]
	return (l.Cover*t.mean(n.Left) + r.Cover*t.mean(n.Right)) / (l.Cover + r.Cover)
}

// step is a feature on the way from the root: zero is the share of the rows that
// go on when the feature is unknown, one is 1 where the row itself goes on, and
// weight is the share of the orderings in which so many features are known.
type step struct {
	feature           int32
	zero, one, weight float64
}

type explainer struct {
	tree *Tree
	row  []float32
	out  []float64
}

func (e *explainer) visit(at int32, before []step, zero, one float64, feature int32) {
	path := extendPath(before, zero, one, feature)
	n := &e.tree.Nodes[at]
	if n.leaf() {
		for i := 1; i < len(path); i++ {
			e.out[path[i].feature] += unwoundSum(path, i) * (path[i].one - path[i].zero) * n.Value
		}
		return
	}
	hot, cold := n.Left, n.Right
	if !n.goesLeft(e.row[n.Feature]) {
		hot, cold = cold, hot
	}
	inZero, inOne := 1.0, 1.0
	for i := 1; i < len(path); i++ {
		if path[i].feature == n.Feature {
			inZero, inOne = path[i].zero, path[i].one
			path = unwind(path, i)
			break
		}
	}
	nodes := e.tree.Nodes
	cover := nodes[n.Left].Cover + nodes[n.Right].Cover
	e.visit(hot, path, inZero*nodes[hot].Cover/cover, inOne, n.Feature)
	e.visit(cold, path, inZero*nodes[cold].Cover/cover, 0, n.Feature)
}

func extendPath(before []step, zero, one float64, feature int32) []step {
	depth := len(before)
	path := make([]step, depth+1, depth+2)
	copy(path, before)
	path[depth] = step{feature: feature, zero: zero, one: one}
	if depth == 0 {
		path[0].weight = 1
	}
	for i := depth - 1; i >= 0; i-- {
		path[i+1].weight += one * path[i].weight * float64(i+1) / float64(depth+1)
		path[i].weight = zero * path[i].weight * float64(depth-i) / float64(depth+1)
	}
	return path
}

// unwind takes a feature off the path again.
func unwind(before []step, at int) []step {
	depth := len(before) - 1
	path := make([]step, depth+1)
	copy(path, before)
	zero, one := path[at].zero, path[at].one
	next := path[depth].weight
	for i := depth - 1; i >= 0; i-- {
		if one != 0 {
			kept := path[i].weight
			path[i].weight = next * float64(depth+1) / (float64(i+1) * one)
			next = kept - path[i].weight*zero*float64(depth-i)/float64(depth+1)
		} else {
			path[i].weight = path[i].weight * float64(depth+1) / (zero * float64(depth-i))
		}
	}
	for i := at; i < depth; i++ {
		path[i].feature, path[i].zero, path[i].one = path[i+1].feature, path[i+1].zero, path[i+1].one
	}
	return path[:depth]
}

// unwoundSum is the sum of the weights of the path without a feature.
func unwoundSum(path []step, at int) float64 {
	depth := len(path) - 1
	zero, one := path[at].zero, path[at].one
	next, total := path[depth].weight, 0.0
	for i := depth - 1; i >= 0; i-- {
		if one != 0 {
			w := next * float64(depth+1) / (float64(i+1) * one)
			total += w
			next = path[i].weight - w*zero*float64(depth-i)/float64(depth+1)
		} else {
			total += path[i].weight / (zero * float64(depth-i) / float64(depth+1))
		}
	}
	return total
}
