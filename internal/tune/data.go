package tune

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
)

// Record is a demand or a patent.
type Record struct{ ID, Title, Text string }

// Label is the level, 1 to 4, of a pair by its places in Set.
type Label struct {
	Demand, Patent int32
	Level          int8
}

// Set is labelled pairs. Demands and patents without labels are allowed.
type Set struct {
	Demands, Patents []Record
	Labels           []Label
	// Raters names who gave each label; empty where that is not known.
	Raters []string
}

// Hash is the SHA-256, in hexadecimal, of all texts and labels in their order.
func (s *Set) Hash() string {
	h := sha256.New()
	text := func(t string) {
		_ = binary.Write(h, binary.LittleEndian, uint32(len(t)))
		h.Write([]byte(t))
	}
	for _, records := range [][]Record{s.Demands, s.Patents} {
		_ = binary.Write(h, binary.LittleEndian, uint32(len(records)))
		for _, r := range records {
			text(r.ID)
			text(r.Title)
			text(r.Text)
		}
	}
	_ = binary.Write(h, binary.LittleEndian, s.Labels)
	return hex.EncodeToString(h.Sum(nil))
}

// Check refuses labels of unknown records, levels off the scale, and pairs that
// are labelled twice, with errors of kind Invalid.
func (s *Set) Check() error {
	seen := make(map[[2]int32]bool, len(s.Labels))
	for i, l := range s.Labels {
		name := fmt.Sprintf("label %d", i+1)
		switch {
		case l.Demand < 0 || int(l.Demand) >= len(s.Demands) || l.Patent < 0 || int(l.Patent) >= len(s.Patents):
			return match.About(name, match.Invalidf("pair", "names a record that is not there"))
		case l.Level < 1 || l.Level > levels:
			return match.About(name, match.Invalidf("level", "%d is not in %d to %d", l.Level, 1, levels))
		case seen[[2]int32{l.Demand, l.Patent}]:
			return match.About(name, match.Invalidf("pair", "%s with %s is labelled twice",
				s.Demands[l.Demand].ID, s.Patents[l.Patent].ID))
		}
		seen[[2]int32{l.Demand, l.Patent}] = true
	}
	return nil
}

// levels is the number of levels of a label.
const levels = 4

// embedBatch is how many texts are embedded in one call.
const embedBatch = 256

// sides embeds records and takes them apart, as far as the fusion needs it. tell is told of every batch.
func (w *work) sides(ctx context.Context, e embed.Embedder, kind match.Kind, records []Record, tell func(int)) ([]rank.Prepared, error) {
	role := embed.Document
	if kind == match.DemandKind {
		role = embed.Query
	}
	out := make([]rank.Prepared, len(records))
	for from := 0; from < len(records); from += embedBatch {
		batch := records[from:min(len(records), from+embedBatch)]
		var texts []string // each once: records with a title alone have the same text twice
		at := map[string]int{}
		for _, r := range batch {
			for _, t := range EmbeddedTexts(r) {
				if _, known := at[t]; !known {
					at[t] = len(texts)
					texts = append(texts, t)
				}
			}
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		got, err := e.Embed(ctx, role, texts)
		if err != nil {
			return nil, err
		}
		parallel(w.o.Workers, len(batch), func(_, i int) {
			t := EmbeddedTexts(batch[i])
			out[from+i] = batch[i].prepare(w.fusion, kind, quant.Round(got[at[t[0]]]), quant.Round(got[at[t[1]]]))
		})
		if tell != nil {
			tell(len(batch))
		}
	}
	return out, nil
}

// prepare takes the record apart as the fusion does.
func (r Record) prepare(f *rank.Fusion, kind match.Kind, title, text []float32) rank.Prepared {
	record := match.NewPatent("", match.Patent{Number: r.ID, Title: r.Title, Abstract: r.Text})
	if kind == match.DemandKind {
		record = match.NewDemand("", match.Demand{ID: r.ID, Title: r.Title, Text: r.Text})
	}
	return f.Prepare(&record, rank.Vectors{Title: title, Text: text})
}

// EmbeddedTexts are the texts of a record whose vectors the fusion takes, as package
// retrieve embeds them.
func EmbeddedTexts(r Record) []string {
	t := match.Texts{Title: r.Title, Body: r.Text}
	title := t.Title
	if title == "" {
		title = t.Body
	}
	return []string{title, t.Full()}
}
