package format

import "github.com/duijie/duijie/evaluation"

// piece is rows of one query on consecutive lines: judgements or hits.
type piece struct {
	levels []evaluation.Judgement
	hits   []evaluation.Hit
	line   int // of the first, from 1
}

func (p *piece) rows() int { return len(p.levels) + len(p.hits) }

// keep keeps rows of a block, from one on, with documents. They go on with the last piece
// where that is of the query and of the line before, so that most queries are one piece.
func (t *table) keep(query int32, b *block, from int, documents []int32, line int) {
	goesOn := query == t.last && line == t.nextLine
	t.last, t.nextLine = query, line+len(documents)
	if t.layout.level {
		goesOn = t.levels.makeRoom(len(documents)) && goesOn
		for i, document := range documents {
			t.levels.rows = append(t.levels.rows, evaluation.Judgement{Document: document, Level: int8(b.values[from+i].number)})
		}
	} else {
		goesOn = t.hits.makeRoom(len(documents)) && goesOn
		for i, document := range documents {
			t.hits.rows = append(t.hits.rows, evaluation.Hit{Document: document, Rank: b.values[from+i].rank, Score: b.values[from+i].number})
		}
	}
	if !goesOn {
		t.pieces[query] = append(t.pieces[query], piece{line: line})
	}
	last := &t.pieces[query][len(t.pieces[query])-1]
	n := last.rows() + len(documents)
	last.levels, last.hits = t.levels.end(n), t.hits.end(n)
}

// slab is memory of rows, one behind the other. They stay where they are when there is no
// more room.
type slab[R any] struct{ rows []R }

// makeRoom makes room for n rows, and tells whether it is behind those before.
func (s *slab[R]) makeRoom(n int) bool {
	if cap(s.rows)-len(s.rows) >= n {
		return true
	}
	s.rows = make([]R, 0, max(n, min(4*cap(s.rows), 1<<16)))
	return false
}

// end is the last n rows, or none of an empty slab.
func (s *slab[R]) end(n int) []R {
	from := max(len(s.rows)-n, 0)
	return s.rows[from:len(s.rows):len(s.rows)]
}

// queryLevels is the judgements of a query in the order of the file. They are the
// caller's.
func (t *table) queryLevels(query int32) []evaluation.Judgement {
	all := t.pieces[query][0].levels
	for _, p := range t.pieces[query][1:] {
		all = append(all, p.levels...)
	}
	return all
}

// queryHits is the hits of a query in the order of the file. They are the caller's.
func (t *table) queryHits(query int32) []evaluation.Hit {
	all := t.pieces[query][0].hits
	for _, p := range t.pieces[query][1:] {
		all = append(all, p.hits...)
	}
	return all
}

// line is the line, from 1, of a query's row.
func (t *table) line(query int32, row int) int {
	for _, p := range t.pieces[query] {
		if row < p.rows() {
			return p.line + row
		}
		row -= p.rows()
	}
	panic("format: no such row")
}
