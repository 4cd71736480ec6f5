package format

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// ReadLevels reads a levels-MODEL.tsv: tab-separated query id, document id,
// predicted level and, unless left out, the probability of each level, lowest
// first. A header line is allowed. With Unknown at Skip or Add, lines of unknown
// pairs are skipped and counted.
func ReadLevels(path string, d *evaluation.Dataset, o Options) (*evaluation.Levels, Warnings, error) {
	r, err := Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	return ParseLevels(r, path, d, o)
}

// ParseLevels is ReadLevels for an open file, of which name is told in errors.
func ParseLevels(r io.Reader, name string, d *evaluation.Dataset, o Options) (*evaluation.Levels, Warnings, error) {
	var w Warnings
	_, _, whole, err := firstLine(r, name, &w)
	if err != nil {
		return nil, nil, err
	}
	p := levelsParser{
		lineReader: lineReader{Reader: bufio.NewReaderSize(whole, 1<<16), file: name, warnings: &w},
		dataset:    d, options: o, seen: map[[2]int32]int{},
		levels: &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())},
	}
	for {
		line, err := p.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if problem := p.take(strings.Split(string(line), "\t")); problem != "" {
			return nil, nil, &Error{name, p.at, problem}
		}
	}
	if len(p.seen) == 0 {
		return nil, nil, &Error{name, 0, "there is no prediction in it"}
	}
	return p.levels, w, nil
}

type levelsParser struct {
	lineReader
	dataset *evaluation.Dataset
	options Options
	levels  *evaluation.Levels
	seen    map[[2]int32]int // line of each pair
	fields  int              // of the first line
}

func (p *levelsParser) take(fields []string) string {
	scale := p.dataset.Scale()
	if p.at == 1 && len(fields) > 2 && !strings.ContainsAny(fields[2], "0123456789") {
		return ""
	}
	if p.fields == 0 {
		p.fields = len(fields)
	}
	if len(fields) != p.fields || len(fields) != 3 && len(fields) != 3+scale.Levels() {
		return fmt.Sprintf("want 3 fields, or %d with probabilities, separated by tabs and as many on each line; found %d",
			3+scale.Levels(), len(fields))
	}
	query, document, problem := p.pair(fields)
	if problem != "" || query < 0 {
		return problem
	}
	level, err := strconv.Atoi(fields[2])
	if err != nil || !scale.Holds(level) {
		return levelProblem(fields[2], scale)
	}
	probabilities, problem := distribution(fields[3:])
	if problem != "" {
		return problem
	}
	p.levels.Predictions[query] = append(p.levels.Predictions[query],
		evaluation.Prediction{Document: document, Level: int8(level), P: probabilities})
	return ""
}

// pair finds query and document; the query is -1 where the line is skipped.
func (p *levelsParser) pair(fields []string) (query, document int32, problem string) {
	query, known := p.dataset.QueryIndex(fields[0])
	if !known {
		return p.unknown(UnknownQuery, fmt.Sprintf("query %q is unknown", fields[0]))
	}
	document, known = p.dataset.DocumentIndex(fields[1])
	if !known {
		return p.unknown(UnknownDoc, fmt.Sprintf("document %q is unknown", fields[1]))
	}
	if line, twice := p.seen[[2]int32{query, document}]; twice {
		return 0, 0, fmt.Sprintf("query %q, document %q: the pair is on line %d already", fields[0], fields[1], line)
	}
	p.seen[[2]int32{query, document}] = p.at
	return query, document, ""
}

func (p *levelsParser) unknown(kind Kind, problem string) (int32, int32, string) {
	if p.options.Unknown == Refuse {
		return 0, 0, problem
	}
	p.warnings.add(kind, p.file, p.at, 1)
	return -1, 0, ""
}

// distribution reads probabilities, which must add up to 1 within a thousandth.
func distribution(fields []string) ([]float64, string) {
	if len(fields) == 0 {
		return nil, ""
	}
	p, sum := make([]float64, len(fields)), 0.0
	for i, f := range fields {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil || !(x >= 0 && x <= 1) {
			return nil, fmt.Sprintf("probability %q is not in 0–1", f)
		}
		p[i] = x
		sum += x
	}
	if math.Abs(sum-1) >= 1e-3 {
		return nil, fmt.Sprintf("the probabilities add up to %g", sum)
	}
	return p, ""
}
