package instance

import (
	"context"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/embed"
)

// paced is an embedder that can be slowed down and stopped while the vectors of the
// next model are made, so that those who ask are not slowed down.
type paced struct {
	embed.Embedder
	mu      sync.Mutex
	pace    Pace
	changed chan struct{} // closed at the next change
}

func newPaced(e embed.Embedder, p Pace) *paced {
	return &paced{Embedder: e, pace: p, changed: make(chan struct{})}
}

// set changes the pace; who waits looks at it anew.
func (p *paced) set(pace Pace) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pace != p.pace {
		p.pace = pace
		close(p.changed)
		p.changed = make(chan struct{})
	}
}

func (p *paced) get() (Pace, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pace, p.changed
}

// Remote implements embed.Remote.
func (p *paced) Remote() bool { return embed.IsRemote(p.Embedder) }

// Embed waits as long as the pace is paused, and for the time that the texts may take.
func (p *paced) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	began := time.Now()
	for {
		pace, changed := p.get()
		var until <-chan time.Time // nil waits for a change alone
		if !pace.Paused {
			wait := time.Duration(0)
			if pace.Texts > 0 {
				wait = time.Until(began.Add(time.Duration(float64(len(texts)) / pace.Texts * float64(time.Second))))
			}
			if wait <= 0 {
				return p.Embedder.Embed(ctx, role, texts)
			}
			until = time.After(wait)
		}
		select {
		case <-until:
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
