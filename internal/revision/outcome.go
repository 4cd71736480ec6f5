package revision

import (
	"encoding/json"
	"errors"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// keptOutcome is an outcome without its ref, which the repeated batch has anyway.
type keptOutcome struct {
	Change   store.Change `json:"change"`
	Revision int64        `json:"revision,omitempty"`
	Seq      int64        `json:"seq,omitempty"`
	Err      *keptError   `json:"error,omitempty"`
}

type keptError struct {
	Kind   string `json:"kind"` // by name: the numbers may change with the domain
	Record string `json:"record,omitempty"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason,omitempty"`
	Cause  string `json:"cause,omitempty"`
}

// EncodeOutcomes gives outcomes as JSON, without their refs.
func EncodeOutcomes(outcomes []store.Outcome) (string, error) {
	kept := make([]keptOutcome, len(outcomes))
	for i, o := range outcomes {
		kept[i] = keptOutcome{o.Change, o.Revision, o.Seq, keepError(o.Err)}
	}
	list, err := json.Marshal(kept)
	return string(list), err
}

// DecodeOutcomes is the inverse of EncodeOutcomes for the same drafts. Its error is of
// kind match.Corrupt.
func DecodeOutcomes(list []byte, drafts []Draft) ([]store.Outcome, error) {
	var kept []keptOutcome
	if err := json.Unmarshal(list, &kept); err != nil || len(kept) != len(drafts) {
		return nil, &match.Error{Kind: match.Corrupt, Reason: "the kept outcomes of a batch cannot be read", Err: err}
	}
	outcomes := make([]store.Outcome, len(kept))
	for i, k := range kept {
		outcomes[i] = store.Outcome{Ref: drafts[i].Record.Ref, Change: k.Change, Revision: k.Revision, Seq: k.Seq, Err: k.Err.restore()}
	}
	return outcomes, nil
}

func keepError(err error) *keptError {
	if err == nil {
		return nil
	}
	var e *match.Error
	if !errors.As(err, &e) {
		return &keptError{Kind: match.KindOf(err).String(), Cause: err.Error()}
	}
	k := &keptError{Kind: e.Kind.String(), Record: e.Record, Field: e.Field, Reason: e.Reason}
	if e.Err != nil {
		k.Cause = e.Err.Error()
	}
	return k
}

func (k *keptError) restore() error {
	if k == nil {
		return nil
	}
	e := &match.Error{Record: k.Record, Field: k.Field, Reason: k.Reason}
	for kind := match.Internal; kind <= match.Canceled; kind++ {
		if kind.String() == k.Kind {
			e.Kind = kind
		}
	}
	if k.Cause != "" {
		e.Err = errors.New(k.Cause)
	}
	return e
}
