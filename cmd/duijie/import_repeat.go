package main

import (
	"fmt"
	"hash/maphash"
	"os"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
)

// repetition is a row that has the number of an earlier row of its file.
type repetition struct {
	File   string `json:"file"`
	Number int    `json:"number"` // of the line or row in the file
	First  int    `json:"first"`  // of the earlier one
	ID     string `json:"id"`
}

// seenNumbers knows by a hash of 64 bits where in a file each number stood first. What is
// seen may be so by mistake, once in 10⁷ files of a million rows.
type seenNumbers struct{ lines map[uint64]int32 }

// mostNumbers bounds what is known of a file, to some 200 MB.
const mostNumbers = 1 << 23

var numberSeed = maphash.MakeSeed()

// add notes a number and returns the line at which it stood before; 0 for none. Of files
// with more than mostNumbers numbers the later ones are not known.
func (s *seenNumbers) add(ref match.Ref, line int) (first int) {
	if s.lines == nil {
		s.lines = map[uint64]int32{}
	}
	hash := maphash.Comparable(numberSeed, ref)
	if first, ok := s.lines[hash]; ok {
		return int(first)
	}
	if len(s.lines) < mostNumbers {
		s.lines[hash] = int32(line)
	}
	return 0
}

// latest leaves out the rows whose number a later row of the batch has, counts and reports
// every row with the number of an earlier one, and tells which records an earlier batch of
// the file had.
func (j *importJob) latest(rows []ingest.Row, places []int) (kept []ingest.Row, at []int, written map[match.Ref]bool, err error) {
	last := map[match.Ref]int{}
	written = map[match.Ref]bool{}
	for i := range rows {
		ref := rows[i].Record.Ref
		if first := j.at.numbers.add(ref, rows[i].Line); first != 0 {
			if _, here := last[ref]; !here {
				written[ref] = true
			}
			if err := j.noteRepetition(&rows[i], first); err != nil {
				return nil, nil, nil, err
			}
		}
		last[ref] = i
	}
	if len(last) == len(rows) {
		return rows, places, written, nil
	}
	for i := range rows {
		if last[rows[i].Record.Ref] == i {
			kept, at = append(kept, rows[i]), append(at, places[i])
		}
	}
	return kept, at, written, nil
}

// noteRepetition counts a row that takes the place of an earlier one of its file, and says so
// in the report.
func (j *importJob) noteRepetition(row *ingest.Row, first int) error {
	j.at.counts.Repeated++
	if len(j.summary.Repetitions) < keptRejects {
		j.summary.Repetitions = append(j.summary.Repetitions, repetition{j.at.name, row.Line, first, row.Record.ID})
	}
	field := "number"
	if row.Record.Kind == match.DemandKind {
		field = "id"
	}
	return j.report.note(j.at.name, row.Line, field, j.lang.pick(match.LocalText{
		ZH: fmt.Sprintf("未拒绝：编号 %s 与第 %d 行相同，取代了该行", row.Record.ID, first),
		EN: fmt.Sprintf("not rejected: has %s in common with row %d and replaces it", row.Record.ID, first),
	}))
}

// printRepeated says how many rows took the place of earlier ones.
func (c *importCmd) printRepeated(s *importSummary) {
	if s.Repeated == 0 {
		return
	}
	zh, en := "", ""
	if len(s.Repetitions) > 0 {
		r := s.Repetitions[0]
		zh = fmt.Sprintf("（如 %s 第 %d 行与第 %d 行：%s）", r.File, r.Number, r.First, r.ID)
		en = fmt.Sprintf(" (such as %s, row %d and row %d: %s)", r.File, r.Number, r.First, r.ID)
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%d 行与同一文件中前面某行的编号相同，以后一行为准%s；--report 可列出全部。\n", s.Repeated, zh),
		fmt.Sprintf("Numbers that come again in the file, where the last row counts: %s%s; --report lists all.\n", match.Counted(s.Repeated, "row"), en))
}
