package judge

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Sources is what is read and written.
type Sources interface {
	store.Records
	store.Labels
}

// Judge proposes levels. It is safe for concurrent use.
type Judge struct {
	Asker chat.Asker
	// Model names the chat model; see Rater.
	Model string
	// Asked is told of every request, where it is set: what became of it (empty: a proposal), how long it took
	// and what it cost. It is called by several goroutines at once.
	Asked func(result Fault, took time.Duration, tokens int)
}

// RaterOf begins the names of raters that are chat models.
const RaterOf = "llm:"

// Rater is whom the labels are by.
func (j *Judge) Rater() string { return RaterOf + j.Model }

// Outcome counts what became of pairs.
type Outcome struct {
	Pairs    int // that were to be judged
	Proposed int // labels that were written
	Dropped  map[Fault]int
	Requests int
	Tokens   int // prompts and answers together, as far as the endpoint tells
}

const (
	parallel = 4  // requests on their way at once
	batch    = 16 // pairs between two writes of labels
	// inARow is how many failed requests without an answer between them end a run.
	inARow = 5
)

// Propose judges pairs of one tenant, and writes what stands up as labels. Pairs whose
// records are not there are dropped as hidden. tell is told how many are done. With an
// error the outcome is what was done before it.
func (j *Judge) Propose(ctx context.Context, s Sources, tenant string, pairs []match.Pair, tell func(done, total int)) (Outcome, error) {
	out := Outcome{Pairs: len(pairs), Dropped: map[Fault]int{}}
	failed := 0
	for from := 0; from < len(pairs); from += batch {
		part := pairs[from:min(len(pairs), from+batch)]
		asked, err := j.ask(ctx, s, part)
		if err != nil {
			return out, err
		}
		var labels []match.Label
		var last error
		for _, a := range asked {
			out.Tokens += a.tokens
			if a.sent {
				out.Requests++
			}
			switch {
			case a.err != nil && ctx.Err() == nil:
				failed, last = failed+1, a.err
				out.Dropped[Failed]++
			case a.err != nil: // cancelled: it is not known
			case a.fault != "":
				if a.sent {
					failed = 0
				}
				out.Dropped[a.fault]++
			default:
				failed = 0
				labels = append(labels, j.label(tenant, a))
			}
		}
		if len(labels) > 0 {
			if err := s.PutLabels(context.WithoutCancel(ctx), labels); err != nil {
				return out, err
			}
			out.Proposed += len(labels)
		}
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if kind := match.KindOf(last); last != nil && (failed >= inARow || kind == match.Denied || kind == match.Invalid) {
			return out, (&match.Error{Kind: kind}).Because("the chat model, after %d labels: %s", out.Proposed, match.Localised(last))
		}
		if tell != nil {
			tell(from+len(part), len(pairs))
		}
	}
	return out, nil
}

// asked is a pair on its way.
type asked struct {
	pair     match.Pair
	revision [2]int64 // of the demand and the patent
	proposal proposal
	fault    Fault
	err      error
	sent     bool
	tokens   int
}

// ask judges some pairs, some at once, and keeps their order.
func (j *Judge) ask(ctx context.Context, s store.Records, pairs []match.Pair) ([]asked, error) {
	var refs []match.Ref
	for _, p := range pairs {
		refs = append(refs, p.Demand, p.Patent)
	}
	records, err := s.Get(ctx, refs)
	if err != nil {
		return nil, err
	}
	out := make([]asked, len(pairs))
	limit := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i := range pairs {
		out[i].pair = pairs[i]
		demand, patent := records[2*i], records[2*i+1]
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			j.one(ctx, demand, patent, &out[i])
		})
	}
	wg.Wait()
	return out, nil
}

func (j *Judge) one(ctx context.Context, demand, patent *match.Record, a *asked) {
	d, p := sentOf(demand), sentOf(patent)
	switch {
	case d.empty() || p.empty():
		a.fault = Hidden
		return
	case suspect(d) || suspect(p):
		a.fault = Suspect
		return
	}
	a.revision = [2]int64{demand.Revision, patent.Revision}
	a.sent = true
	began := time.Now()
	answer, err := j.Asker.Ask(ctx, instructions, dataOf(d, p))
	took, result := time.Since(began), Failed
	a.tokens, a.err = answer.Tokens, err
	if err == nil {
		a.proposal, a.fault = read(answer.Text, d, p)
		result = a.fault
	}
	if j.Asked != nil {
		j.Asked(result, took, answer.Tokens)
	}
}

func (j *Judge) label(tenant string, a asked) match.Label {
	return match.Label{
		Tenant: tenant, Demand: a.pair.Demand.ID, Patent: a.pair.Patent.ID, Level: a.proposal.level, Rater: j.Rater(), Source: match.ModelSource,
		At: time.Now().UTC().Truncate(time.Second), Reason: a.proposal.reason(), DemandRevision: a.revision[0], PatentRevision: a.revision[1],
	}
}

// Validate refuses a model without a name that a rater can have.
func (j *Judge) Validate() error {
	l := match.Label{Tenant: match.DefaultTenant, Demand: "D", Patent: "P", Level: match.NoFit, Rater: cmp.Or(strings.TrimSpace(j.Model), ""), Source: match.ModelSource}
	if l.Rater == "" {
		return match.Invalidf("model", "is empty")
	}
	l.Rater = j.Rater()
	return l.Validate()
}

// Judged are the pairs that this model has judged already, by demand and patent.
func (j *Judge) Judged(ctx context.Context, s store.Labels, tenant string) (map[[2]string]bool, error) {
	out := map[[2]string]bool{}
	err := each(ctx, s, store.LabelQuery{Tenant: tenant, Rater: j.Rater(), Source: match.ModelSource}, func(l *match.Label) {
		out[[2]string{l.Demand, l.Patent}] = true
	})
	return out, err
}

const page = 1000

// each gives all labels that q asks for to take, in order.
func each(ctx context.Context, s store.Labels, q store.LabelQuery, take func(*match.Label)) error {
	q.Limit = page
	for {
		got, err := s.ListLabels(ctx, q)
		if err != nil {
			return err
		}
		for i := range got {
			take(&got[i])
		}
		if len(got) < page {
			return nil
		}
		q.After = &got[len(got)-1]
	}
}
