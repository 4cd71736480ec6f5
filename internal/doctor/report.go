package doctor

import (
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// Severity says whether a finding keeps the folder from being sound.
type Severity string

const (
	Problem Severity = "problem"
	Note    Severity = "note"
)

// Code names a kind of finding. Those of the database are sqlite.DamageCode.
type Code string

const (
	DamagedLog      Code = "vector_log"       // it cannot be read
	OldLog          Code = "vector_log_old"   // it has a format that is not read any more
	DamagedWords    Code = "words"            // their index cannot be read
	MissingVectors  Code = "vector_missing"   // a live record that has not both vectors
	BadVector       Code = "vector_bad"       // wrong dimension, length or number
	StaleVector     Code = "vector_stale"     // it is not that of the newest text (Deep)
	WithdrawnVector Code = "vector_withdrawn" // it belongs to a withdrawn record
	OrphanVector    Code = "vector_orphan"    // it belongs to no record
	AheadMark       Code = "watermark"        // the follower claims what was not written
	Pending         Code = "pending"          // not followed yet; the next start does
	Failed          Code = "failed"           // noted as failed, and tried again
	OtherSettings   Code = "settings"         // a collection's are not those that are configured
	Leftover        Code = "leftover"         // a folder of a backup or restoration that was killed
)

// Finding is one thing that was found.
type Finding struct {
	Code     Code            `json:"code"`
	Severity Severity        `json:"severity"`
	Record   string          `json:"record"` // or the file, or the follower
	Reason   match.LocalText `json:"reason"`
	Detail   string          `json:"detail,omitempty"`
	Words    match.LocalText `json:"-"` // Detail in both languages
	// Count is the number of like findings that this one stands for; it is 1 for
	// the first listLimit of each code.
	Count    int  `json:"count"`
	Repaired bool `json:"repaired"`
}

// Report is what Run found.
type Report struct {
	Sound    bool            `json:"sound"` // no problem is left
	Contents sqlite.Contents `json:"contents"`
	Vectors  int             `json:"vectors"` // points that were compared with records
	Model    string          `json:"model"`   // whose vectors they are
	Findings []Finding       `json:"findings"`
}

// listLimit is how many findings of a code are listed one by one.
const listLimit = 100

func (r *Report) add(f Finding) {
	f.Count = max(1, f.Count)
	same := 0
	for i := range r.Findings {
		if r.Findings[i].Code != f.Code {
			continue
		}
		if same++; same > listLimit {
			r.Findings[i].Count += f.Count
			r.Findings[i].Record, r.Findings[i].Detail, r.Findings[i].Words = "…", "", match.LocalText{}
			return
		}
	}
	r.Findings = append(r.Findings, f)
}

// Problems counts the findings that are problems and are not repaired.
func (r *Report) Problems() (n int) {
	for _, f := range r.Findings {
		if f.Severity == Problem && !f.Repaired {
			n += f.Count
		}
	}
	return n
}

// repairedBy returns the report of a second look with the findings of the first
// that are gone, marked as repaired.
func (r *Report) repairedBy(again *Report) *Report {
	out := *again
	out.Findings = nil
	for _, f := range r.Findings {
		if f.Severity == Problem || f.Code == OldLog || f.Code == Leftover {
			f.Repaired = !slices.ContainsFunc(again.Findings, func(g Finding) bool { return g.Code == f.Code && g.Record == f.Record })
			if f.Repaired {
				out.Findings = append(out.Findings, f)
			}
		}
	}
	out.Findings = append(out.Findings, again.Findings...)
	out.Sound = out.Problems() == 0
	return &out
}
