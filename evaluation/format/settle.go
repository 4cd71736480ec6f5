package format

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/evaluation"
)

// Judge puts labels into d as judgements. Of one rater's labels of a pair the
// latest counts (the last of the file where times are equal); of several raters
// the lower median. Unknown ids are treated as in qrels.
func Judge(d *evaluation.Dataset, labels []Label, name string, o Options) (Warnings, error) {
	t := &table{file: name, dataset: d, options: o, layout: beirQrelsLayout, warnings: new(Warnings)}
	p, b := t.parser(), &block{}
	p.begin(b)
	for _, l := range settle(labels, name, t.warnings) {
		if problem := l.check(d.Scale()); problem != "" {
			return nil, &Error{name, l.Line, problem}
		}
		b.lines, b.content = max(l.Line, 1), 1
		from := len(b.data)
		b.data = append(b.data, l.Document...)
		p.take([]byte(l.Query), from, len(b.data), value{number: float64(l.Level)})
	}
	t.find(b)
	if err := t.whole(func() error { return t.take(b) }); err != nil {
		return nil, err
	}
	err := t.judge()
	return *t.warnings, err
}

// settle leaves one label a pair, in the order in which pairs first occur.
func settle(labels []Label, name string, w *Warnings) []Label {
	type pair struct{ query, document string }
	byRater := map[pair]map[string]Label{}
	var order []pair
	for _, l := range labels {
		p := pair{l.Query, l.Document}
		if byRater[p] == nil {
			byRater[p] = map[string]Label{}
			order = append(order, p)
		}
		if old, ok := byRater[p][l.Rater]; !ok || !l.Time.Before(old.Time) {
			byRater[p][l.Rater] = l
		}
	}
	out := make([]Label, len(order))
	for i, p := range order {
		var all []Label
		for _, l := range byRater[p] {
			all = append(all, l)
		}
		slices.SortFunc(all, func(a, b Label) int { return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Line, b.Line)) })
		out[i] = all[(len(all)-1)/2]
		if all[0].Level != all[len(all)-1].Level {
			w.add(Disagreement, name, out[i].Line, 1)
		}
	}
	return out
}
