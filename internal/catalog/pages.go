package catalog

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// change is the newest revision of a record that changed, with its payload, which
// words and vectors share. That of a withdrawn one is empty.
type change struct {
	*match.Record
	payload match.Payload
}

func changed(r *match.Record) change {
	if r.Withdrawn {
		return change{Record: r}
	}
	return change{r, r.Payload()}
}

// read returns the changes after a sequence number, at most batchSize.
func (f *follower) read(ctx context.Context, after int64) ([]change, error) {
	records, err := f.store.Changes(ctx, f.kind, after, batchSize)
	if err != nil {
		return nil, err
	}
	out := make([]change, len(records))
	for i := range records {
		out[i] = changed(&records[i])
	}
	return out, nil
}

// pages reads the next page of changes while its user is busy with the present one.
// A record of a page may have changed since the page was read: then it comes again,
// under its newer number, in a page that is not read yet.
type pages struct {
	read  func(ctx context.Context, after int64) ([]change, error)
	after int64         // of the page that is read ahead
	ahead chan []change // gives that page; nil where none is read
}

// next returns the changes after a sequence number, none where there are none yet.
func (p *pages) next(ctx context.Context, after int64) ([]change, error) {
	page := p.take(after)
	if len(page) == 0 { // what failed ahead, or was not there yet, is asked for again
		var err error
		if page, err = p.read(ctx, after); err != nil {
			return nil, err
		}
	}
	if len(page) == batchSize { // else it was the last one
		p.readAhead(ctx, page[len(page)-1].Seq)
	}
	return page, nil
}

func (p *pages) readAhead(ctx context.Context, after int64) {
	ahead := make(chan []change, 1)
	p.after, p.ahead = after, ahead
	go func() {
		page, _ := p.read(ctx, after)
		ahead <- page
	}()
}

// take waits for the page that is read ahead, and returns it if it is the wanted one.
func (p *pages) take(after int64) []change {
	if p.ahead == nil {
		return nil
	}
	page := <-p.ahead
	p.ahead = nil
	if p.after != after {
		return nil
	}
	return page
}

// close returns when nothing is being read.
func (p *pages) close() { p.take(0) }
