package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// Match asks a catalog for the patents of one demand after the other.
type Match struct {
	Instance *instance.Instance
	// Demands are asked as texts, as if they were not stored. The first of them, a tenth and
	// at most 100, warm the caches up and are not counted.
	Demands []match.Record
	Limit   int
	Explain bool
	// Progress is called after each demand; nil is not called.
	Progress func(done, total int)
}

// MatchReport is what was measured of a catalog.
type MatchReport struct {
	Machine   Machine `json:"machine"`
	Patents   int     `json:"patents"`
	Demands   int     `json:"demands"` // that were counted
	Limit     int     `json:"limit"`
	Explained bool    `json:"explained"`
	Hits      float64 `json:"mean_hits"`
	Degraded  int     `json:"degraded"` // answers that lacked a part; Reason says of the first what
	Reason    string  `json:"reason,omitempty"`
	Latency
}

// Run measures. Its errors are those of a match, with the demand's name; kind match.Invalid
// where there are no demands.
func (m Match) Run(ctx context.Context, version string) (*MatchReport, error) {
	if len(m.Demands) == 0 {
		return nil, match.Invalidf("demands", "are none")
	}
	warm := min(len(m.Demands)/10, 100)
	r := &MatchReport{Machine: ThisMachine(version), Demands: len(m.Demands) - warm, Limit: m.Limit, Explained: m.Explain}
	var err error
	if r.Patents, err = m.Instance.Store.Count(ctx, match.DefaultTenant, match.PatentKind); err != nil {
		return nil, err
	}
	var times []time.Duration
	before, hits := processor(), 0
	for i := range m.Demands {
		if i == warm {
			before = processor()
		}
		answer, took, err := m.ask(ctx, &m.Demands[i])
		if err != nil {
			return nil, fmt.Errorf("matching %v: %w", m.Demands[i].Ref, err)
		}
		if m.Progress != nil {
			m.Progress(i+1, len(m.Demands))
		}
		if i < warm {
			continue
		}
		times, hits = append(times, took), hits+len(answer.Hits)
		if len(answer.Degraded) > 0 {
			if r.Degraded++; r.Degraded == 1 {
				r.Reason = answer.Degraded[0]
			}
		}
	}
	r.Processor = milliseconds(processor()-before) / float64(r.Demands)
	r.Hits = float64(hits) / float64(r.Demands)
	r.percentiles(times)
	return r, nil
}

func (m Match) ask(ctx context.Context, d *match.Record) (*match.Answer, time.Duration, error) {
	req := match.Request{
		ID: "bench", Tenant: match.DefaultTenant, Limit: m.Limit, Explain: m.Explain,
		From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: d.Texts(),
	}
	start := time.Now()
	answer, err := m.Instance.Engine.Match(ctx, req)
	return answer, time.Since(start), err
}
