package main

import (
	"fmt"
	"hash/maphash"
	"os"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/match"
)

// contradiction is a row that gives a pair another level than an earlier row of its file by
// the same rater, whom it has change their mind.
type contradiction struct {
	File   string      `json:"file"`
	Number int         `json:"number"` // of the line or row in the file
	First  int         `json:"first"`  // of the earlier one
	Demand string      `json:"demand_id"`
	Patent string      `json:"patent_number"`
	Level  match.Level `json:"level"`
	Before match.Level `json:"level_before"`
}

// judgedPair is who judged which pair, as a store tells labels apart.
type judgedPair struct {
	tenant, demand, patent, rater string
	source                        match.LabelSource
}

// seenLabels knows by a hash of 64 bits what each rater has last said of a pair in a file,
// as seenNumbers does of numbers.
type seenLabels struct{ last map[uint64]saidLevel }

type saidLevel struct {
	line  int32
	level match.Level
}

// add notes a label, and returns what the same rater said of the pair before; line 0 for
// nothing.
func (s *seenLabels) add(l *match.Label, line int) (before saidLevel) {
	if s.last == nil {
		s.last = map[uint64]saidLevel{}
	}
	hash := maphash.Comparable(numberSeed, judgedPair{l.Tenant, l.Demand, l.Patent, l.Rater, l.Source})
	before, known := s.last[hash]
	if known || len(s.last) < mostNumbers {
		s.last[hash] = saidLevel{int32(line), l.Level}
	}
	return before
}

// noteContradiction counts a row whose rater gave the pair another level before in the file,
// and says so in the report. The last row counts.
func (j *importJob) noteContradiction(row *ingest.Row, l *match.Label) error {
	before := j.at.labelled.add(l, row.Line)
	if before.line == 0 || before.level == l.Level {
		return nil
	}
	j.summary.ContradictingRows++
	if len(j.summary.Contradictions) < keptRejects {
		j.summary.Contradictions = append(j.summary.Contradictions,
			contradiction{j.at.name, row.Line, int(before.line), l.Demand, l.Patent, l.Level, before.level})
	}
	return j.report.note(j.at.name, row.Line, "level", j.lang.pick(match.LocalText{
		ZH: fmt.Sprintf("未拒绝：同一标注人在第 %d 行给同一配对标为 %d 级，以本行的 %d 级为准", before.line, before.level, l.Level),
		EN: fmt.Sprintf("not rejected: the same rater gave the pair level %d in row %d; level %d of this row counts", before.level, before.line, l.Level),
	}))
}

// printContradictions says how many rows contradict earlier ones.
func (c *importCmd) printContradictions(s *importSummary) {
	if s.ContradictingRows == 0 {
		return
	}
	x := s.Contradictions[0]
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("%d 行与同一标注人在前面某行对同一配对所标的等级不同，以后一行为准（如 %s 第 %d 行 %d 级与第 %d 行 %d 级：%s，%s）；--report 可列出全部。\n",
			s.ContradictingRows, x.File, x.Number, x.Level, x.First, x.Before, x.Demand, x.Patent),
		fmt.Sprintf("Levels that contradict an earlier row of the same rater for the same pair, where the last row counts: %s (such as %s, row %d with level %d and row %d with level %d: %s, %s); --report lists all.\n",
			match.Counted(s.ContradictingRows, "row"), x.File, x.Number, x.Level, x.First, x.Before, x.Demand, x.Patent))
}
