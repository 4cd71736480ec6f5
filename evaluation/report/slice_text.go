package report

import "slices"

// slices are tables of the slices that the options name, on the main metric, for a
// terminal: the largest slices first.
func (t *terminal) slices() {
	if len(t.s.o.Slices) == 0 {
		return
	}
	tables := t.s.sliceTables()
	for _, name := range t.s.o.Slices {
		i := slices.IndexFunc(tables, func(table sliceTable) bool { return table.Name == name })
		t.b.WriteString("\n")
		if i < 0 {
			t.line(say(phrase{"%s：%s：没有需求有该属性的值", "%s: %s: no judged demand has a value of it"}, words["slices"], name))
			continue
		}
		t.slice(tables[i])
	}
}

// slice is the table of one attribute.
func (t *terminal) slice(s sliceTable) {
	t.line(say(phrase{"%s：%s（%s）", "%s: %s (%s)"}, words["slices"], s.Attribute, title(t.s.main)))
	table := &grid{}
	header := []string{t.l.plain(s.Attribute), t.l.plain(words["demands"])}
	for _, m := range t.s.r.Models {
		header = append(header, clip(visible(m.Name), 32))
	}
	table.add(header...)
	for _, row := range s.Rows[:min(len(s.Rows), slicesShown)] {
		line := []string{clip(visible(row.Value), 32), row.Queries}
		for _, c := range row.Cells {
			line = append(line, orDash(c.Value)+" "+c.Interval)
		}
		table.add(line...)
	}
	t.table(table)
	if n := len(s.Rows) - slicesShown; n > 0 {
		t.line(say(phrase{"另有 %s 个切片见报告。", "%s more slices are in the report."}, count(n)))
	}
}
