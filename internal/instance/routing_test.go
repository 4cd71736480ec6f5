package instance_test

import (
	"context"
	"errors"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

// withModelForBatteries is a folder with the sample and a model that is for a sector alone.
func withModelForBatteries(t *testing.T) (data string, s *sample.Catalog) {
	t.Helper()
	data = t.TempDir()
	in, err := instance.Open(t.Context(), instance.Config{Data: data, Now: sample.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if s, err = sample.Load(); err != nil {
		t.Fatal(err)
	}
	b := store.Batch{Tenant: match.DefaultTenant}
	for _, r := range s.Records() {
		b.Items = append(b.Items, store.Item{Record: r})
	}
	if _, err := in.Catalog.Write(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(in.Catalog.Await(t.Context()), in.Store.PutLabels(t.Context(), s.Labels)); err != nil {
		t.Fatal(err)
	}
	trained, _, err := in.Registry.Train(t.Context(), registry.Training{Tenant: match.DefaultTenant, Name: "batteries", Sectors: []string{"battery"}, By: "李四"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = in.Store.ChangeSetting(t.Context(), store.SettingChange{ // past the gate, for which the sample is too small
		Name: "alias/" + registry.SectorOf + "battery", Value: trained.ID, Since: -1, Action: registry.Promoted, By: "李四", Reason: "a test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return data, s
}

func TestTheFirstAnswerIsByTheModelOfAGuessedSectorOnceSectorsAreAwaited(t *testing.T) {
	data, s := withModelForBatteries(t)
	for _, readOnly := range []bool{false, true} {
		in, err := instance.Open(t.Context(), instance.Config{Data: data, Now: sample.Now, ReadOnly: readOnly})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if err := errors.Join(in.Catalog.Await(t.Context()), in.AwaitSectors(t.Context())); err != nil {
			t.Fatal(err)
		}
		learned := in.Router.Sectors()
		for _, d := range s.Demands {
			if d.ID != "D-BAT1" {
				continue
			}
			a, err := in.Engine.Match(t.Context(), match.Request{ID: "t", Tenant: match.DefaultTenant, Limit: 5,
				From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: d.Title, Body: d.Text}})
			if err != nil || a.Route.Alias != "sector/battery" {
				t.Errorf("read only %t: the alias is %q, %v", readOnly, a.Route.Alias, err)
			}
		}
		if err := in.AwaitSectors(t.Context()); err != nil || in.Router.Sectors() != learned {
			t.Errorf("read only %t: nothing was written, and sectors were learned again, %v", readOnly, err)
		}
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSectorsAreLearnedAgainFromWhatWasWrittenAndNotAwaitedBeyondTheContext(t *testing.T) {
	data, s := withModelForBatteries(t)
	in, err := instance.Open(t.Context(), instance.Config{Data: data, Now: sample.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := errors.Join(in.Catalog.Await(t.Context()), in.AwaitSectors(t.Context())); err != nil {
		t.Fatal(err)
	}
	learned := in.Router.Sectors()
	d := s.Demands[0]
	d.ID = "D-NEW"
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: match.NewDemand(match.DefaultTenant, d)}}}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := in.AwaitSectors(over); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: %v", err)
	}
	if err := in.AwaitSectors(t.Context()); err != nil || in.Router.Sectors() == learned {
		t.Errorf("after a write the same sectors are guessed by, %v", err)
	}
}
