package ingest

import (
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetNode is a column of a schema with what is needed to put its values
// together again: the levels of Dremel's record shredding
// (https://github.com/apache/parquet-format/blob/master/README.md#nested-encoding).
type parquetNode struct {
	name     string
	repeated bool
	// definition is the level from which on the node is there, repetition the
	// level at which its next element begins.
	definition, repetition int
	first                  int // index of its first leaf
	leaves                 int
	members                []*parquetNode // none of a leaf
	read                   func(parquet.Value) any
	list, dictionary       bool // a group that stands for a list or a map
}

func newParquetNode(column *parquet.Column, definition, repetition, depth int) (*parquetNode, error) {
	if depth > maxDepth {
		return nil, errNesting
	}
	n := &parquetNode{name: column.Name(), repeated: column.Repeated()}
	if n.repeated {
		repetition++
	}
	if n.repeated || column.Optional() {
		definition++
	}
	n.definition, n.repetition = definition, repetition
	if column.Leaf() {
		n.first, n.leaves, n.read = column.Index(), 1, valueReader(column.Type())
		return n, nil
	}
	for i, child := range column.Columns() {
		m, err := newParquetNode(child, definition, repetition, depth+1)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			n.first = m.first
		}
		n.leaves += m.leaves
		n.members = append(n.members, m)
	}
	n.classify(column.Type().LogicalType())
	return n, nil
}

// classify finds the groups that stand for lists and maps, also those of writers
// that do not say so.
func (n *parquetNode) classify(logical *format.LogicalType) {
	if len(n.members) != 1 || !n.members[0].repeated {
		return
	}
	inner := n.members[0]
	if logical != nil {
		_, n.dictionary = logical.Value.(*format.MapType)
		_, n.list = logical.Value.(*format.ListType)
	}
	switch inner.name {
	case "list", "bag", "array", "element":
		n.list = !n.dictionary
	case "key_value", "map":
		n.dictionary = !n.list && len(inner.members) == 2
	}
}

// present tells whether the next value of the node is more than a mark of absence.
func (n *parquetNode) present(columns [][]parquet.Value) bool {
	values := columns[n.first]
	return len(values) > 0 && values[0].DefinitionLevel() >= n.definition
}

// skip takes the mark of absence off all leaves.
func (n *parquetNode) skip(columns [][]parquet.Value) {
	for i := n.first; i < n.first+n.leaves && i < len(columns); i++ {
		if len(columns[i]) > 0 {
			columns[i] = columns[i][1:]
		}
	}
}

// assemble takes the next value of the node off the columns.
func (n *parquetNode) assemble(columns [][]parquet.Value) any {
	if n.leaves == 0 {
		return nil
	}
	if !n.present(columns) {
		n.skip(columns)
		return nil
	}
	if !n.repeated {
		return n.one(columns)
	}
	out := []any{}
	for {
		before := len(columns[n.first])
		if v := n.one(columns); v != nil {
			out = append(out, v)
		}
		rest := columns[n.first]
		if len(rest) == 0 || len(rest) == before || rest[0].RepetitionLevel() < n.repetition {
			return out
		}
	}
}

// one takes one value, or one element of a repeated node.
func (n *parquetNode) one(columns [][]parquet.Value) any {
	if n.members == nil {
		v := columns[n.first][0]
		columns[n.first] = columns[n.first][1:]
		if v.IsNull() {
			return nil
		}
		return n.read(v)
	}
	o := make(object, 0, len(n.members))
	for _, m := range n.members {
		o = append(o, member{m.name, m.assemble(columns)})
	}
	switch {
	case n.list:
		return elements(o[0].value, n.members[0])
	case n.dictionary:
		return dictionary(o[0].value)
	}
	return o
}

// elements takes the group off that stands around each element of a list.
func elements(value any, inner *parquetNode) any {
	list, _ := value.([]any)
	if len(inner.members) != 1 {
		return value
	}
	out := []any{}
	for _, e := range list {
		if o, ok := e.(object); ok && o[0].value != nil {
			out = append(out, o[0].value)
		}
	}
	if len(out) == 0 {
		return nil // the same as no list
	}
	return out
}

func dictionary(value any) any {
	list, _ := value.([]any)
	out := object{}
	for _, e := range list {
		o, ok := e.(object)
		if !ok || len(o) != 2 {
			return value
		}
		out = append(out, member{attribute(o[0].value), o[1].value})
	}
	return out
}
