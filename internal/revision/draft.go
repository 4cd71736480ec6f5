package revision

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Draft is an item with all that can be known of it without the database. Drafts
// are made before a write takes its turn.
type Draft struct {
	store.Item
	Body string            // JSON of match.Patent or match.Demand; empty for a withdrawal
	Hash [sha256.Size]byte // of visibility and body: what store.Unchanged compares
	Err  error             // why it is refused, whatever is stored
}

// Drafts makes the drafts of a batch, in the order of its items.
func Drafts(batch store.Batch) []Draft {
	drafts := make([]Draft, len(batch.Items))
	var room []byte
	for i, item := range batch.Items {
		room = drafts[i].fill(batch.Tenant, item, room)
	}
	return drafts
}

// fill makes a draft of an item in room, which it returns for the next one.
func (d *Draft) fill(tenant string, item store.Item, room []byte) []byte {
	d.Item = item
	d.Err = check(tenant, item)
	if item.Record.Withdrawn {
		return room
	}
	room = append(append(room[:0], item.Record.Visibility...), 0)
	from := len(room)
	room, err := encodeBody(room, &item.Record)
	if err != nil && d.Err == nil { // Validate lets nothing through that JSON has no form for
		d.Err = match.About(item.Record.Ref.String(), err)
	}
	d.Body = string(room[from:])
	d.Hash = sha256.Sum256(room)
	return room
}

// HashOf is the hash of a revision's content: visibility, a zero byte, and body.
func HashOf(visibility match.Visibility, body []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(visibility+"\x00"), body...))
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

// encodeBody appends the body of a record.
func encodeBody(out []byte, r *match.Record) ([]byte, error) {
	if r.Kind == match.PatentKind && r.Patent != nil {
		if quick, ok := appendPatent(out, r.Patent); ok {
			return quick, nil
		}
	}
	var body []byte
	var err error
	if r.Kind == match.PatentKind {
		body, err = json.Marshal(r.Patent)
	} else {
		body, err = json.Marshal(r.Demand)
	}
	return append(out, body...), err
}

// DecodeBody sets the body of r, whose ref and revision are set, from the Body of a
// draft. Its error is of kind match.Corrupt.
func DecodeBody(r *match.Record, body []byte) error {
	var err error
	if r.Kind == match.PatentKind {
		if r.Patent = new(match.Patent); !readPatent(body, r.Patent) {
			*r.Patent = match.Patent{}
			err = json.Unmarshal(body, r.Patent)
		}
	} else {
		r.Demand = new(match.Demand)
		err = json.Unmarshal(body, r.Demand)
	}
	if err == nil {
		return nil
	}
	return (&match.Error{Kind: match.Corrupt, Record: r.Ref.String(), Err: err}).Because("the stored body of revision %d cannot be read", r.Revision)
}

// Digest names the content of a batch: items, their order and their conditions.
func Digest(drafts []Draft) []byte {
	h := sha256.New()
	for i := range drafts {
		d := &drafts[i]
		fmt.Fprintf(h, "%q %q %q %d %t %x\n", d.Record.Tenant, d.Record.Kind, d.Record.ID,
			d.IfRevision, d.Record.Withdrawn, d.Hash)
	}
	return h.Sum(nil)
}
