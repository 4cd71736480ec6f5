package store

import (
	"context"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// Registry keeps the versions of models, what is in production and since when, and the
// datasets by which that is decided. Nothing in it is ever changed or deleted but the
// value of a setting, whose every change is kept.
type Registry interface {
	// PutModel keeps a model's version with its file. One that is there already with the
	// same file is left alone and changes nothing; another file under its id is an error
	// of kind match.Conflict.
	PutModel(ctx context.Context, m ModelVersion, file []byte) error
	// Models lists all versions in the order of their ids.
	Models(ctx context.Context) ([]ModelVersion, error)
	// ModelFile returns the file of a version. Kinds of errors: match.NotFound, and
	// match.Corrupt where it is not what was put.
	ModelFile(ctx context.Context, id string) ([]byte, error)

	// ChangeSetting writes a change and the setting's new value in one transaction, and
	// returns the change's number. An error of kind match.Conflict says that the setting
	// was changed since the number that the change is based on.
	ChangeSetting(ctx context.Context, c SettingChange) (seq int64, err error)
	// Settings returns the settings that have a value, in the order of their names, and
	// the number of the newest change, all of one moment.
	Settings(ctx context.Context) (settings []Setting, seq int64, err error)
	// SettingSeq is the number of the newest change of any setting, 0 before the first. It
	// costs a look-up in an index.
	SettingSeq(ctx context.Context) (int64, error)
	// SettingHistory returns changes of a setting ("": of all), the newest first, those
	// before a number (0: from the newest), at most limit.
	SettingHistory(ctx context.Context, name string, before int64, limit int) ([]SettingChange, error)

	// PutDataset keeps a dataset under a name that no other has: match.Conflict else.
	PutDataset(ctx context.Context, d Dataset, body []byte) error
	// Datasets lists them in the order of their names.
	Datasets(ctx context.Context) ([]Dataset, error)
	// DatasetBody returns what was put: match.NotFound, or match.Corrupt.
	DatasetBody(ctx context.Context, name string) ([]byte, error)
}

// ModelVersion is a version of a model. Info is JSON, and for who reads it.
type ModelVersion struct {
	ID     string
	At     time.Time // when it was added; set by the store
	Size   int64     // of the file in bytes; set by the store
	SHA256 [32]byte  // of the file; set by the store
	Info   []byte
}

// Setting is a name with a value, such as the alias "alias/national" with a model's id.
type Setting struct {
	Name  string
	Value string
	Seq   int64 // of the change that made it so
}

// SettingChange is a change of a setting: who made it, when and why.
type SettingChange struct {
	Seq    int64 // set by the store
	Name   string
	Value  string // "" takes the setting away
	Before string // the value before; set by the store
	// Since is the number of the change that this one is based on: 0 the setting must
	// not be there, −1 anything. It is not kept.
	Since  int64
	Action string // such as "promote"
	By     string
	Reason string
	// Detail is JSON, such as the decision of a gate.
	Detail []byte
	At     time.Time // set by the store
}

// Dataset is labelled pairs that are frozen: they name revisions. Info is JSON.
type Dataset struct {
	Name   string
	At     time.Time // set by the store
	SHA256 [32]byte  // of the body; set by the store
	Info   []byte
}

// Operations are slow work that a restart must not leave without a word.
type Operations interface {
	// PutOperation writes the state of an operation, in the place of the former.
	PutOperation(ctx context.Context, o OperationState) error
	// ListOperations returns operations, the newest first, at most limit.
	ListOperations(ctx context.Context, limit int) ([]OperationState, error)
}

// OperationState is where an operation is. Body is opaque here.
type OperationState struct {
	ID    string
	Owner string // the process that runs it
	Done  bool
	// At is when it was asked for, Seen when its owner was last heard of.
	At, Seen time.Time
	Body     []byte
}

// Shadows are what a challenger would have answered, beside what was answered.
type Shadows interface {
	// PutShadows writes observations in one transaction.
	PutShadows(ctx context.Context, list []Shadow) error
	// ListShadows returns those of a pilot in the order of their numbers, after one.
	ListShadows(ctx context.Context, pilot string, after int64, limit int) ([]Shadow, error)
	// PilotAnswers returns the answers that were kept in a pilot, in the order of
	// keeping, after a number, at most limit.
	PilotAnswers(ctx context.Context, pilot string, after int64, limit int) ([]PilotAnswer, error)
}

// Shadow is one observation. Body is JSON.
type Shadow struct {
	Number  int64 // set by the store
	Pilot   string
	Request string
	At      time.Time
	Body    []byte
}

// PilotAnswer is a kept answer with its number.
type PilotAnswer struct {
	Number int64
	match.Kept
}
