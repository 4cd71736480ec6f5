package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/workload"
)

// Soak says how an instance is used for a while. Instance, Source and For are required;
// the instance is empty.
type Soak struct {
	Instance *instance.Instance
	Source   *workload.Source
	Seed     uint64
	For      time.Duration
	// Patents is how many there are; a third as many demands. 0 is 20,000. Their number
	// stays about the same, so that memory has no reason to grow.
	Patents int
	// Readers match at the same time; 0 is 2.
	Readers int
	// Writes is how many records a second are written; 0 is 100.
	Writes int
	// Every is how long the reports of Samples are apart; 0 is a hundredth of For, at least a second.
	Every time.Duration
	// Progress is told what was found so far; nil is no one.
	Progress func(Sample)
}

// Sample is what was so at one moment, and since the one before.
type Sample struct {
	Seconds        float64 `json:"seconds"`
	AnonymousBytes int64   `json:"anonymous_bytes"`
	Matches        int64   `json:"matches"`
	Writes         int64   `json:"writes"`
	Errors         int64   `json:"errors"`
	Latency        Latency `json:"latency"` // of matches since the last sample
}

// SoakReport is what came of it.
type SoakReport struct {
	Machine Machine  `json:"machine"`
	Patents int      `json:"patents"`
	Demands int      `json:"demands"`
	Seconds float64  `json:"seconds"`
	Matches int64    `json:"matches"`
	Writes  int64    `json:"writes"`
	Errors  int64    `json:"errors"`
	Told    []string `json:"told,omitempty"` // the first errors
	// GrowthPerHour is the slope of the memory over the last two thirds of the time, in
	// bytes: a straight line through the least of each part, since collections of garbage
	// make the memory go up and down.
	GrowthPerHour float64  `json:"growth_bytes_per_hour"`
	Samples       []Sample `json:"samples"`
}

func (s Soak) withDefaults() Soak {
	s.Patents = cmp.Or(s.Patents, 20_000)
	s.Readers = cmp.Or(s.Readers, 2)
	s.Writes = cmp.Or(s.Writes, 100)
	s.Every = cmp.Or(s.Every, max(s.For/100, time.Second))
	if s.Progress == nil {
		s.Progress = func(Sample) {}
	}
	return s
}

// Run fills the instance, uses it, and checks at the end that what is stored is what is
// searchable. Errors of single calls are counted; an error of its own means that nothing
// could be measured.
func (s Soak) Run(ctx context.Context, version string) (*SoakReport, error) {
	s = s.withDefaults()
	w := &soaking{Soak: s, generator: workload.New(s.Source, s.Seed, s.Patents), demands: max(1, s.Patents/3)}
	w.report = &SoakReport{Machine: ThisMachine(version), Patents: s.Patents, Demands: w.demands}
	if err := w.fill(ctx); err != nil {
		return nil, err
	}
	w.start = time.Now()
	within, stop := context.WithTimeout(ctx, s.For)
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() { w.write(within) })
	for n := range s.Readers {
		wg.Go(func() { w.read(within, uint64(n)) })
	}
	w.watch(within)
	wg.Wait()
	w.note(w.sample())
	if ctx.Err() == nil {
		if err := w.check(ctx); err != nil {
			w.failed(err)
		}
	}
	r := w.report
	r.Seconds, r.Matches, r.Writes, r.Errors = time.Since(w.start).Seconds(), w.matches.Load(), w.writes.Load(), w.errors.Load()
	r.GrowthPerHour = growth(r.Samples)
	return r, nil
}

// soaking is one run.
type soaking struct {
	Soak
	generator *workload.Generator
	demands   int
	start     time.Time
	report    *SoakReport

	matches, writes, errors atomic.Int64
	first                   atomic.Int64 // number of the oldest patent that is there

	mu    sync.Mutex
	times []time.Duration // of matches since the last sample
}

// maxTold is how many errors are told in words.
const maxTold = 10

func (w *soaking) failed(err error) {
	w.errors.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.report.Told) < maxTold {
		w.report.Told = append(w.report.Told, err.Error())
	}
}

// put writes records in one batch.
func (w *soaking) put(ctx context.Context, records ...match.Record) error {
	b := store.Batch{Tenant: match.DefaultTenant}
	for _, r := range records {
		b.Items = append(b.Items, store.Item{Record: r})
	}
	outcomes, err := w.Instance.Catalog.Write(ctx, b)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return o.Err
		}
	}
	return nil
}

// patent has the texts of another one. What filters ask for stays, or a hit could be a
// newer revision than the one that met the filter.
func (w *soaking) patent(number, text int) match.Record {
	p, other := w.generator.Patent(number), w.generator.Patent(text)
	p.Title, p.Abstract = other.Title, other.Abstract
	return match.NewPatent(match.DefaultTenant, p)
}

func (w *soaking) fill(ctx context.Context) error {
	const size = 500
	var records []match.Record
	flush := func() error {
		err := w.put(ctx, records...)
		records = records[:0]
		return err
	}
	for i := range w.Patents + w.demands {
		if i < w.Patents {
			records = append(records, w.patent(i, i))
		} else {
			records = append(records, match.NewDemand(match.DefaultTenant, w.generator.Demand(i-w.Patents)))
		}
		if len(records) == size || i == w.Patents-1 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(records) > 0 {
		if err := flush(); err != nil {
			return err
		}
	}
	return w.Instance.Catalog.Await(ctx)
}

// write makes batches at its pace: changed texts, a new patent for each that goes, and
// changed demands.
func (w *soaking) write(ctx context.Context) {
	const each = 20
	r := rand.New(rand.NewPCG(w.Seed, 77))
	ticker := time.NewTicker(time.Second * each / time.Duration(max(w.Writes, 1)))
	defer ticker.Stop()
	for next := w.Patents; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		var records []match.Record
		for range each {
			switch first := int(w.first.Load()); r.IntN(5) {
			case 0:
				gone := w.patent(first, first)
				gone.Withdrawn = true
				records = append(records, w.patent(next, next), gone)
				next++
				w.first.Add(1)
			case 1:
				d := w.generator.Demand(r.IntN(1 << 30))
				d.ID = w.generator.Demand(r.IntN(w.demands)).ID
				records = append(records, match.NewDemand(match.DefaultTenant, d))
			default:
				records = append(records, w.patent(first+1+r.IntN(next-first-1), r.IntN(1<<30)))
			}
		}
		// A batch has one item for a record: what is written twice counts once.
		records = lastOfEach(records)
		if err := w.put(ctx, records...); err != nil {
			if ctx.Err() == nil {
				w.failed(fmt.Errorf("writing: %w", err))
			}
			continue
		}
		w.writes.Add(int64(len(records)))
	}
}

func lastOfEach(records []match.Record) (out []match.Record) {
	seen := map[match.Ref]bool{}
	for i := len(records) - 1; i >= 0; i-- {
		if !seen[records[i].Ref] {
			seen[records[i].Ref] = true
			out = append(out, records[i])
		}
	}
	slices.Reverse(out)
	return out
}

// read matches stored records from both sides, some of them with a filter.
func (w *soaking) read(ctx context.Context, reader uint64) {
	r := rand.New(rand.NewPCG(w.Seed, 1000+reader))
	for ctx.Err() == nil {
		req := match.Request{ID: "soak", Tenant: match.DefaultTenant, Limit: 10, Explain: r.IntN(10) == 0}
		req.From = match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: w.generator.Demand(r.IntN(w.demands)).ID}
		if r.IntN(5) == 0 {
			req.From = w.patent(int(w.first.Load())+w.Patents/2, 0).Ref
		} else if r.IntN(4) == 0 {
			req.Filter.Tiers = []string{"T3"}
		}
		start := time.Now()
		answer, err := w.Instance.Engine.Match(ctx, req)
		if err == nil {
			err = sound(answer, req)
		}
		if err != nil {
			if ctx.Err() == nil {
				w.failed(fmt.Errorf("matching %v: %w", req.From, err))
			}
			continue
		}
		w.matches.Add(1)
		w.mu.Lock()
		w.times = append(w.times, time.Since(start))
		w.mu.Unlock()
	}
}

// sound checks an answer for what cannot be.
func sound(a *match.Answer, req match.Request) error {
	if len(a.Degraded) > 0 {
		return errors.New(a.Degraded[0])
	}
	if len(a.Hits) == 0 || len(a.Hits) > req.Limit {
		return fmt.Errorf("%d hits for limit %d", len(a.Hits), req.Limit)
	}
	seen := map[string]bool{}
	for i, h := range a.Hits {
		switch {
		case seen[h.Record.ID]:
			return fmt.Errorf("%v is there twice", h.Record.Ref)
		case h.Record.Kind != req.From.Kind.Other():
			return fmt.Errorf("%v is of the wrong kind", h.Record.Ref)
		case i > 0 && h.Score.Value > a.Hits[i-1].Score.Value:
			return fmt.Errorf("%v is out of order", h.Record.Ref)
		case len(req.Filter.Tiers) > 0 && h.Record.Patent.Tier != req.Filter.Tiers[0]:
			return fmt.Errorf("%v does not meet the filter", h.Record.Ref)
		}
		seen[h.Record.ID] = true
	}
	return nil
}

// watch takes samples until ctx ends.
func (w *soaking) watch(ctx context.Context) {
	ticker := time.NewTicker(w.Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.note(w.sample())
		}
	}
}

func (w *soaking) sample() Sample {
	s := Sample{
		Seconds: time.Since(w.start).Seconds(), AnonymousBytes: Anonymous("self"),
		Matches: w.matches.Load(), Writes: w.writes.Load(), Errors: w.errors.Load(),
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	s.Latency.percentiles(w.times)
	w.times = w.times[:0]
	return s
}

func (w *soaking) note(s Sample) {
	w.report.Samples = append(w.report.Samples, s)
	w.Progress(s)
}

// check compares what is stored with what is searchable.
func (w *soaking) check(ctx context.Context) error {
	if err := w.Instance.Catalog.Await(ctx); err != nil {
		return err
	}
	for _, kind := range instance.Kinds {
		status, err := w.Instance.Catalog.Status(ctx, match.DefaultTenant, kind)
		if err != nil {
			return err
		}
		if status.Searchable != status.Stored || status.Failed > 0 {
			return fmt.Errorf("%d %ss are stored, %d searchable, %d failed", status.Stored, kind, status.Searchable, status.Failed)
		}
	}
	return nil
}

// growth is the slope of a straight line through the least memory of each tenth of the
// last two thirds, in bytes an hour.
func growth(samples []Sample) float64 {
	if len(samples) < 3 {
		return 0
	}
	samples = samples[len(samples)/3:]
	parts := min(10, len(samples))
	var x, y []float64
	for i := range parts {
		part := samples[i*len(samples)/parts : (i+1)*len(samples)/parts]
		least := slices.MinFunc(part, func(a, b Sample) int { return cmp.Compare(a.AnonymousBytes, b.AnonymousBytes) })
		x, y = append(x, least.Seconds/3600), append(y, float64(least.AnonymousBytes))
	}
	var mx, my, xy, xx float64
	for i := range x {
		mx, my = mx+x[i]/float64(parts), my+y[i]/float64(parts)
	}
	for i := range x {
		xy, xx = xy+(x[i]-mx)*(y[i]-my), xx+(x[i]-mx)*(x[i]-mx)
	}
	if xx == 0 {
		return 0
	}
	return xy / xx
}
