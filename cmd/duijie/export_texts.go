package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// datasetText is a line of queries.jsonl and corpus.jsonl. What metadata holds are
// the attributes that evaluate slices by.
type datasetText struct {
	ID       string            `json:"_id"`
	Title    string            `json:"title"`
	Text     string            `json:"text"`
	Metadata map[string]string `json:"metadata"`
}

// queries writes the demands as the other side may see them.
func (w *datasetWriter) queries(ctx context.Context, out io.Writer) error {
	return w.eachRecord(ctx, match.DemandKind, out, func(r *match.Record) *datasetText {
		d := r.Demand.Redacted()
		if d.Texts().Empty() {
			w.summary.Secret++
			return nil
		}
		w.demands[r.ID] = len(d.Confidential) > 0
		w.summary.Demands++
		return &datasetText{r.ID, d.Title, d.Text, known(map[string]string{
			"sector": d.Sector, "region": province(d.Enterprise.Region), "industry": division(d.Enterprise.Industry),
			"enterprise_kind": string(d.Enterprise.Kind), "time": r.CreatedAt.UTC().Format(time.RFC3339),
		})}
	})
}

func (w *datasetWriter) corpus(ctx context.Context, out io.Writer) error {
	return w.eachRecord(ctx, match.PatentKind, out, func(r *match.Record) *datasetText {
		p := r.Patent
		w.patents[r.ID] = true
		w.summary.Patents++
		attributes := map[string]string{"sector": p.Sector, "region": province(p.Region), "legal_status": string(p.LegalStatus)}
		if len(p.IPC) > 0 {
			attributes["ipc"] = p.IPC[0][:1]
		}
		if len(p.Applicants) > 0 {
			attributes["applicant_kind"] = string(p.Applicants[0].Kind)
		}
		return &datasetText{r.ID, p.Title, p.Abstract, known(attributes)}
	})
}

// eachRecord writes a line for each record that is not withdrawn and not private,
// in the order of ids, unless line gives none.
func (w *datasetWriter) eachRecord(ctx context.Context, kind match.Kind, out io.Writer, line func(*match.Record) *datasetText) error {
	buffered := bufio.NewWriterSize(out, 1<<20)
	enc := json.NewEncoder(buffered)
	enc.SetEscapeHTML(false)
	q := store.ListQuery{Tenant: w.flags.Tenant, Kind: kind, Limit: exportPage}
	for {
		page, err := w.store.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if page[i].Visibility == match.Private {
				w.summary.Private++
				continue
			}
			if t := line(&page[i]); t != nil {
				if err := enc.Encode(t); err != nil {
					return err
				}
			}
		}
		if len(page) < q.Limit {
			return buffered.Flush()
		}
		q.After = page[len(page)-1].ID
	}
}

// province is the first two digits of a code of GB/T 2260: a slice of a county
// would hold too few demands.
func province(region string) string { return region[:min(2, len(region))] }

// division is the letter and the first two digits of a code of GB/T 4754.
func division(industry string) string { return industry[:min(3, len(industry))] }

// known drops what is empty.
func known(attributes map[string]string) map[string]string {
	for name, value := range attributes {
		if value == "" {
			delete(attributes, name)
		}
	}
	return attributes
}
