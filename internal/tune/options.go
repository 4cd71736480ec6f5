package tune

import "runtime"

// Options of Train. The zero value of every field is the default.
type Options struct {
	Seed    uint64
	Workers int // goroutines; GOMAXPROCS. The model does not depend on it
	// Progress is told how far the work is; it may be nil.
	Progress func(Stage)

	kernel kernel
	ridge  float64 // penalty on the standardised features
	within float64 // share of a demand's mean that the linear model does not see
	limit  int     // labels that the kernel looks at for one demand
	rounds int     // trees of a forest
	trees  bool    // whether there are enough labels for trees
	// validated is about how many labels cross-validation uses at most
	validated int
}

// Stage is how far one part of the work is.
type Stage struct {
	Name        StageName
	Done, Total int
}

// StageName is a part of the work.
type StageName string

// The parts of the work, in order.
const (
	Embedding  StageName = "embedding"
	Validating StageName = "cross-validating"
	Fitting    StageName = "fitting"
)

// withDefaults fills in what is not set, for so many labels.
func (o Options) withDefaults(labels int) Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.kernel == (kernel{}) {
		o.kernel = defaultKernel()
	}
	if o.ridge == 0 {
		o.ridge = 3000
	}
	if o.within == 0 {
		o.within = 0.8
	}
	if o.limit == 0 {
		o.limit = 160
		if labels > manyLabels {
			o.limit = 128
		}
	}
	if o.rounds == 0 {
		o.rounds = 150
	}
	if o.validated == 0 {
		o.validated = 20_000
	}
	o.trees = labels >= fewLabels
	return o
}

// manyLabels is the number of labels from which speed comes first.
const manyLabels = 50_000

func (o Options) tell(s Stage) {
	if o.Progress != nil {
		o.Progress(s)
	}
}
