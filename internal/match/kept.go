package match

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Kept is an answer as it is kept, so that it can be given again and so that events can
// be compared with it. It names revisions and holds no text of a record.
type Kept struct {
	RequestID string    `json:"request_id"`
	Tenant    string    `json:"tenant"`
	At        time.Time `json:"at"`
	Query     KeptQuery `json:"query"`
	Filter    Filter    `json:"filter"`
	Limit     int       `json:"limit"`
	Offset    int       `json:"offset,omitempty"`
	Explain   bool      `json:"explain,omitempty"`
	Versions  Versions  `json:"versions"`
	// Pilot names the pilot that the answer took part in, Arm the side of it, and Party
	// whom it was given to; empty for none.
	Pilot string    `json:"pilot,omitempty"`
	Arm   string    `json:"arm,omitempty"`
	Party string    `json:"party,omitempty"`
	Hits  []KeptHit `json:"hits"`
	// Sent is the answer in the form in which it was sent, without the texts that
	// revisions have. It is opaque here.
	Sent []byte `json:"sent,omitempty"`
}

// KeptQuery is what was matched: a revision, or a text that is not stored.
type KeptQuery struct {
	Kind     Kind   `json:"kind"`
	ID       string `json:"id,omitempty"`
	Revision int64  `json:"revision,omitempty"`
	// TextHash is the SHA-256 of a text that is not stored; see HashOfTexts.
	TextHash string `json:"text_hash,omitempty"`
	// Texts are set where the settings say that such texts are kept.
	Texts *Texts `json:"texts,omitempty"`
}

// KeptHit is a hit of a kept answer.
type KeptHit struct {
	Tenant   string  `json:"tenant,omitempty"` // of the record, where it is another than the answer's
	ID       string  `json:"id"`
	Revision int64   `json:"revision"`
	Rank     int     `json:"rank"`
	Value    float64 `json:"value"`
	Logit    float64 `json:"logit"`
	// Team is the side of a pilot that put the hit there, where both did.
	Team string `json:"team,omitempty"`
}

// HashOfTexts is the SHA-256 of title and body, in hexadecimal.
func HashOfTexts(t Texts) string {
	sum := sha256.Sum256([]byte(t.Title + "\x00" + t.Body))
	return hex.EncodeToString(sum[:])
}

// Ref is the record of a hit of k.
func (k *Kept) Ref(h KeptHit) Ref {
	tenant := h.Tenant
	if tenant == "" {
		tenant = k.Tenant
	}
	return Ref{Tenant: tenant, Kind: k.Query.Kind.Other(), ID: h.ID}
}

// Hit finds the hit of a pair; nil where the answer does not have it.
func (k *Kept) Hit(demand, patent string) *KeptHit {
	query, hit := demand, patent
	if k.Query.Kind == PatentKind {
		query, hit = patent, demand
	}
	if k.Query.ID != "" && k.Query.ID != query {
		return nil
	}
	for i := range k.Hits {
		if k.Hits[i].ID == hit {
			return &k.Hits[i]
		}
	}
	return nil
}
