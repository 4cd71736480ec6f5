package doctor_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

func TestASoundFolderHasNoFindings(t *testing.T) {
	dir := folder(t)
	report := run(t, dir, doctor.Options{Deep: true})
	if !report.Sound || len(report.Findings) > 0 || report.Vectors != records {
		t.Errorf("%+v", report)
	}
	want := sqlite.Contents{Schema: report.Contents.Schema, Patents: records - 1, Demands: 1, Withdrawn: 1, Revisions: records + 3, LastSeq: records + 3}
	if report.Contents != want {
		t.Errorf("contents %+v, want %+v", report.Contents, want)
	}
}

func TestWhatIsNotFollowedYetAndLabelsOfUnknownRecordsAreNotes(t *testing.T) {
	dir := folder(t)
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent(100)}, {Record: patent(101)}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutLabels(t.Context(), []match.Label{{Tenant: match.DefaultTenant, Demand: "D1", Patent: "CN555", Level: 3, Rater: "a", Source: match.ExpertSource}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	report := run(t, dir, doctor.Options{})
	wantFinding(t, report, doctor.Pending, "patent", false)
	wantFinding(t, report, doctor.Code(sqlite.StrayLabel), "patent CN555", false)
	if !report.Sound || len(report.Findings) != 2 || report.Findings[1].Count != 2 {
		t.Errorf("%+v", report)
	}
}

func TestADamagedLogIsMovedAsideAtEachRepair(t *testing.T) {
	dir := folder(t)
	for n, aside := range []string{"patents.vec.corrupt-1", "patents.vec.corrupt-2"} {
		flip(t, logOf(t, dir), 4000)
		damaged, err := os.ReadFile(logOf(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		if report := run(t, dir, doctor.Options{Repair: true}); !report.Sound {
			t.Fatalf("round %d: %+v", n, report)
		}
		kept, err := os.ReadFile(filepath.Join(filepath.Dir(logOf(t, dir)), aside))
		if err != nil || string(kept) != string(damaged) {
			t.Errorf("%s is not what was found: %v", aside, err)
		}
	}
}

// down is an embedder that does not answer.
type down struct{ embed.Embedder }

func (down) Embed(context.Context, embed.Role, []string) ([][]float32, error) {
	return nil, &match.Error{Kind: match.Unavailable, Reason: "down"}
}

func TestARepairWithoutAnEmbedderNotesWhatFailed(t *testing.T) {
	dir := folder(t)
	if err := os.Remove(logOf(t, dir)); err != nil {
		t.Fatal(err)
	}
	in := opened(t, t.TempDir())
	defer in.Close()
	report, err := doctor.Run(t.Context(), instance.Config{Data: dir, Embedder: down{in.Embedder}}, doctor.Options{Repair: true})
	if err != nil {
		t.Fatal(err)
	}
	wantFinding(t, report, doctor.Failed, "patent CN0", false)
	if !report.Sound {
		t.Errorf("%+v", report)
	}
}

func TestAFolderWithoutRecordsIsNotMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	_, err := doctor.Run(t.Context(), instance.Config{Data: dir}, doctor.Options{Repair: true})
	if match.KindOf(err) != match.NotFound {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

func TestAFolderThatIsOpenIsLeftAlone(t *testing.T) {
	dir := folder(t)
	in := opened(t, dir)
	defer in.Close()
	if _, err := doctor.Run(t.Context(), instance.Config{Data: dir}, doctor.Options{}); match.KindOf(err) != match.Conflict {
		t.Errorf("%v", err)
	}
}
