package sqlite

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// draft is an item with all that can be known of it without the database. Drafts
// are made before a write takes its turn.
type draft struct {
	store.Item
	body string
	hash [sha256.Size]byte // of visibility and body: what "unchanged" compares
	err  error             // why it is refused, whatever is stored
}

func newDrafts(batch store.Batch) []draft {
	drafts := make([]draft, len(batch.Items))
	for i, item := range batch.Items {
		drafts[i] = newDraft(batch.Tenant, item)
	}
	return drafts
}

func newDraft(tenant string, item store.Item) draft {
	d := draft{Item: item}
	d.err = check(tenant, item)
	if item.Record.Withdrawn {
		return d
	}
	body, err := encodeBody(&item.Record)
	if err != nil && d.err == nil { // Validate lets nothing through that JSON has no form for
		d.err = match.About(item.Record.Ref.String(), err)
	}
	d.body = string(body)
	d.hash = sha256.Sum256(append([]byte(item.Record.Visibility+"\x00"), body...))
	return d
}

func check(tenant string, item store.Item) error {
	r := &item.Record
	if r.Tenant != tenant {
		return match.About(r.Ref.String(), match.Invalidf("tenant",
			fmt.Sprintf("%q is not the batch's tenant %q", r.Tenant, tenant)))
	}
	if item.Record.Withdrawn {
		return match.About(r.Ref.String(), r.Kind.Validate())
	}
	return r.Validate()
}

func encodeBody(r *match.Record) ([]byte, error) {
	if r.Kind == match.PatentKind {
		return json.Marshal(r.Patent)
	}
	return json.Marshal(r.Demand)
}

// decodeBody sets the body of r from what encodeBody made.
func decodeBody(r *match.Record, body []byte) error {
	var err error
	if r.Kind == match.PatentKind {
		r.Patent = new(match.Patent)
		err = json.Unmarshal(body, r.Patent)
	} else {
		r.Demand = new(match.Demand)
		err = json.Unmarshal(body, r.Demand)
	}
	if err == nil {
		return nil
	}
	return &match.Error{Kind: match.Corrupt, Record: r.Ref.String(),
		Reason: fmt.Sprintf("the stored body of revision %d cannot be read", r.Revision), Err: err}
}

// digest names the content of a batch: items, their order and their conditions.
func digest(drafts []draft) []byte {
	h := sha256.New()
	for i := range drafts {
		d := &drafts[i]
		fmt.Fprintf(h, "%q %q %q %d %t %x\n", d.Record.Tenant, d.Record.Kind, d.Record.ID,
			d.IfRevision, d.Record.Withdrawn, d.hash)
	}
	return h.Sum(nil)
}
