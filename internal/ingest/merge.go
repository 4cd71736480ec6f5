package ingest

import (
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// merge is a range of merged cells that goes over several rows: its value stands
// in the first row alone, and is meant for all of them. Columns count from 0.
type merge struct {
	top, bottom, column int
	value               string
}

func newMerge(parts [][]byte) merge {
	column, err := excelize.ColumnNameToNumber(string(parts[1]))
	if err != nil {
		return merge{}
	}
	top, _ := strconv.Atoi(string(parts[2]))
	bottom, _ := strconv.Atoi(string(parts[4]))
	return merge{top: top, bottom: bottom, column: column - 1}
}

// merged fills the cells below the first one of a merge.
type merged struct {
	coming []merge // by top
	active []merge
}

func newMerged(all []merge) *merged {
	tall := slices.DeleteFunc(slices.Clone(all), func(m merge) bool { return m.bottom <= m.top })
	slices.SortStableFunc(tall, func(a, b merge) int { return a.top - b.top })
	return &merged{coming: tall}
}

// fill completes the values of a row. Rows come in order. A row that has nothing
// of its own stays blank, and the column of ids is left alone: two rows of one id
// are two versions of one record, and the second would replace the first.
func (m *merged) fill(row int, values []string, id int) []string {
	m.active = slices.DeleteFunc(m.active, func(a merge) bool { return a.bottom < row })
	own := slices.ContainsFunc(values, func(v string) bool { return v != "" })
	for _, a := range m.active {
		if !own || a.column == id {
			continue
		}
		for len(values) <= a.column {
			values = append(values, "")
		}
		if values[a.column] == "" {
			values[a.column] = a.value
		}
	}
	for len(m.coming) > 0 && m.coming[0].top <= row {
		next := m.coming[0]
		m.coming = m.coming[1:]
		if next.top == row && next.column < len(values) && values[next.column] != "" {
			next.value = values[next.column]
			m.active = append(m.active, next)
		}
	}
	return values
}
