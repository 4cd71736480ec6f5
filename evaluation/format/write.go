package format

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// RunFile is the file name of a model's run: run-MODEL.trec.
func RunFile(model string) string { return "run-" + fileName(model) + ".trec" }

// LevelsFile is the file name of a model's predicted levels: levels-MODEL.tsv.
func LevelsFile(model string) string { return "levels-" + fileName(model) + ".tsv" }

// fileName replaces what is unwise in a file name by an underscore.
func fileName(model string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>| `, r) {
			return '_'
		}
		return r
	}, model)
}

// WriteRun writes a TREC run: queries in the dataset's order, hits in the order of
// the run, ranks as the hits have them, scores with the fewest digits that read
// back to the same number. The same run gives the same bytes. An id or tag with
// white space in it is an error, for the format cannot hold it.
func WriteRun(w io.Writer, d *evaluation.Dataset, run *evaluation.Run, tag string) error {
	if err := solid("tag", tag); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for q, hits := range run.Hits {
		id := d.Query(int32(q)).ID
		if err := solid("query", id); len(hits) > 0 && err != nil {
			return err
		}
		for _, h := range hits {
			document := d.Document(h.Document).ID
			if err := solid("document", document); err != nil {
				return err
			}
			line = append(append(line[:0], id...), " Q0 "...)
			line = append(append(line, document...), ' ')
			line = append(strconv.AppendInt(line, int64(h.Rank), 10), ' ')
			line = append(strconv.AppendFloat(line, h.Score, 'g', -1, 64), ' ')
			line = append(append(line, tag...), '\n')
			if _, err := out.Write(line); err != nil {
				return fmt.Errorf("format: write run: %w", err)
			}
		}
	}
	return out.Flush()
}

func solid(what, id string) error {
	if id == "" || strings.ContainsAny(id, " \t\r\n") {
		return fmt.Errorf("format: write run: %s %q is empty or has white space in it", what, id)
	}
	return nil
}

// WriteLevels writes predicted levels as TSV without a header: query id, document
// id, level, and the probabilities p1… of the levels, lowest first, where there
// are any. The same levels give the same bytes.
func WriteLevels(w io.Writer, d *evaluation.Dataset, levels *evaluation.Levels) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for q, list := range levels.Predictions {
		id := d.Query(int32(q)).ID
		for _, p := range list {
			document := d.Document(p.Document).ID
			if strings.ContainsAny(id+document, "\t\r\n") {
				return fmt.Errorf("format: write levels: an id of the pair %q, %q has a tab or line end in it", id, document)
			}
			line = append(append(line[:0], id...), '\t')
			line = append(append(line, document...), '\t')
			line = strconv.AppendInt(line, int64(p.Level), 10)
			for _, x := range p.P {
				line = strconv.AppendFloat(append(line, '\t'), x, 'g', -1, 64)
			}
			if _, err := out.Write(append(line, '\n')); err != nil {
				return fmt.Errorf("format: write levels: %w", err)
			}
		}
	}
	return out.Flush()
}
