package ingest

import (
	"encoding/json"
	"io"

	"github.com/duijie/duijie/internal/match"
)

// envelope is what a line says of the record around the body, where it is not the
// default.
type envelope struct {
	Tenant     string           `json:"tenant,omitempty"`
	Visibility match.Visibility `json:"visibility,omitempty"`
	Withdrawn  bool             `json:"withdrawn,omitempty"`
}

type patentLine struct {
	*match.Patent
	envelope
}

type demandLine struct {
	*match.Demand
	envelope
}

// WriteJSONL writes record as one line of JSON: the fields of match.Patent or
// match.Demand in their order, then tenant, visibility and withdrawn where they
// are not the default. Reading the line gives an equal record, but for revision
// and times, which belong to a store. The same record gives the same bytes. A
// record that does not pass Validate is an error of kind Invalid and writes
// nothing.
func WriteJSONL(w io.Writer, record match.Record) error {
	if err := record.Validate(); err != nil {
		return err
	}
	around := envelope{Withdrawn: record.Withdrawn}
	if record.Tenant != match.DefaultTenant {
		around.Tenant = record.Tenant
	}
	if record.Visibility != match.Public {
		around.Visibility = record.Visibility
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if record.Kind == match.PatentKind {
		return encoder.Encode(patentLine{record.Patent, around})
	}
	return encoder.Encode(demandLine{record.Demand, around})
}
