package report

import (
	"fmt"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/gate"
)

// Language of a report.
type Language string

// The languages. Both shows Chinese with a switch to English; on the terminal it
// is Chinese.
const (
	Both    Language = ""
	Chinese Language = "zh"
	English Language = "en"
)

// Options of a report. The zero value gives one with all that the result alone
// knows; the other fields add what it does not.
type Options struct {
	Language Language
	Title    string    // above the dataset's name; a general one by default
	Command  string    // that made the result, to be repeated
	Data     string    // where the data comes from, in a sentence
	Time     time.Time // of the evaluation; not shown when zero
	Metric   string    // shown in plots and slices, one of those compared; the first by default
	Baseline string    // model that others are compared with; the first by default
	Examples int       // queries shown each way with both rankings; 3; negative for none
	Slices   []string  // attributes whose slices Text shows too; HTML shows all
	Width    int       // columns of the terminal for Text, at least 50; 0 for no limit

	// Dataset and Models are those given to evaluation.Evaluate. With them, queries
	// and documents have titles, and rankings are shown side by side.
	Dataset *evaluation.Dataset
	Models  []evaluation.Model

	Warnings format.Warnings // of the files that were read, and about models
	Gate     *gate.Decision
}

const (
	defaultExamples = 3
	rankingDepth    = 10 // documents of a ranking that are shown
	drawnPairs      = 6  // comparisons with a plot of their own
	worthShown      = 20 // pairs worth judging that are listed
	slicesShown     = 12 // slices of an attribute on the terminal
)

func (o Options) withDefaults(r *evaluation.Result) Options {
	if o.Examples == 0 {
		o.Examples = defaultExamples
	}
	if o.Metric == "" && len(r.Options.Compare) > 0 {
		o.Metric = r.Options.Compare[0]
	} else if o.Metric == "" && len(r.Metrics) > 0 {
		o.Metric = r.Metrics[0].Name
	}
	if o.Baseline == "" && len(r.Models) > 0 {
		o.Baseline = r.Models[0].Name
	}
	return o
}

func (o Options) check(r *evaluation.Result) error {
	switch {
	case o.Language != Both && o.Language != Chinese && o.Language != English:
		return fmt.Errorf("report: language %q is not zh or en", o.Language)
	case len(r.Models) > 0 && r.Model(o.Baseline) < 0:
		return fmt.Errorf("report: the result has no model %q", o.Baseline)
	case o.Dataset == nil && o.Models != nil:
		return fmt.Errorf("report: models are given without their dataset")
	}
	for _, m := range o.Models {
		if m.Run == nil || len(m.Run.Hits) != o.Dataset.Queries() {
			return fmt.Errorf("report: the run of model %q is not of the dataset", m.Name)
		}
	}
	return nil
}
