package doctor_test

import (
	"context"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// renamed is a model of another name.
type renamed struct{ embed.Embedder }

func (renamed) Identity() string { return "renamed/1" }

func TestTheVectorsOfTheLiveModelAreLookedAtWhateverTheSettingsSay(t *testing.T) {
	dir := folder(t)
	in := opened(t, dir)
	other := renamed{in.Embedder}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	in, err := instance.Open(t.Context(), instance.Config{Data: dir, Embedder: other, Way: instance.Way{Kind: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Settled(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	report := run(t, dir, doctor.Options{})
	if !report.Sound || report.Vectors != records || report.Model != "renamed/1" {
		t.Errorf("%d vectors of %s, %+v; want %d", report.Vectors, report.Model, report.Findings, records)
	}
	if _, err := doctor.Run(t.Context(), instance.Config{Data: dir}, doctor.Options{Deep: true}); match.KindOf(err) != match.Unavailable || !strings.Contains(err.Error(), "renamed/1") {
		t.Errorf("%v, want an error of kind unavailable that names the model", err)
	}
	lost(t, dir, other)
	wantFinding(t, run(t, dir, doctor.Options{}), doctor.MissingVectors, "patent CN7", false)
	c := instance.Config{Data: dir, Other: func(context.Context, instance.Way) (embed.Embedder, error) { return other, nil }}
	report, err = doctor.Run(t.Context(), c, doctor.Options{Repair: true, Deep: true})
	if err != nil {
		t.Fatal(err)
	}
	wantFinding(t, report, doctor.MissingVectors, "patent CN7", true)
	if m, err := instance.ReadModels(dir); m.Live != "renamed/1" || m.Next != "" || err != nil {
		t.Errorf("after the repair: %+v, %v", m, err)
	}
}

// lost deletes the vectors that a model made of CN7.
func lost(t *testing.T, dir string, e embed.Embedder) {
	t.Helper()
	ix, err := instance.OpenVectors(t.Context(), instance.Config{Data: dir}, instance.VectorSpec(match.PatentKind, e))
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Delete(t.Context(), []string{"default/CN7"}); err != nil {
		t.Fatal(err)
	}
	if err := ix.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
}
