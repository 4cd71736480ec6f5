package storetest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var registryTests = []test{
	{"a model's file comes back byte by byte, also a large one", func(t *testing.T, s store.Store) {
		for i, size := range []int{0, 1, 1 << 20, 1<<20 + 1, 5<<20 + 7} {
			file := bytes.Repeat([]byte{byte(i), 0, 255, 7, 13}, size/5+1)[:size]
			m := store.ModelVersion{ID: fmt.Sprint("tuned/模型/", i), Info: []byte(`{"a":1}`)}
			for range 2 { // the second time changes nothing
				if err := s.PutModel(t.Context(), m, file); err != nil {
					t.Fatal(err)
				}
			}
			got, err := s.ModelFile(t.Context(), m.ID)
			if err != nil || !bytes.Equal(file, got) {
				t.Errorf("%d bytes come back as %d, %v", size, len(got), err)
			}
			wantKind(t, s.PutModel(t.Context(), m, append(bytes.Clone(file), 1)), match.Conflict)
		}
		list, err := s.Models(t.Context())
		if err != nil || len(list) != 5 {
			t.Fatalf("%d models, %v", len(list), err)
		}
		if m := list[1]; m.ID != "tuned/模型/1" || m.Size != 1 || m.SHA256 != sha256.Sum256([]byte{1}) || string(m.Info) != `{"a":1}` || m.At.IsZero() {
			t.Errorf("a model is %+v", m)
		}
		_, err = s.ModelFile(t.Context(), "none")
		wantKind(t, err, match.NotFound)
	}},
	{"a setting has the value of its newest change, and every change is kept", func(t *testing.T, s store.Store) {
		set := func(c store.SettingChange) int64 {
			t.Helper()
			seq, err := s.ChangeSetting(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			return seq
		}
		first := set(store.SettingChange{Name: "alias/national", Value: "m1", Action: "promote", By: "张三", Reason: "win", Detail: []byte(`{"verdict":"pass"}`)})
		second := set(store.SettingChange{Name: "alias/b", Value: "m2", Action: "promote", Since: -1})
		third := set(store.SettingChange{Name: "alias/national", Value: "m3", Action: "promote", Since: first})
		fourth := set(store.SettingChange{Name: "alias/b", Action: "remove", Since: second})
		if !(first < second && second < third && third < fourth) {
			t.Errorf("numbers %d, %d, %d, %d", first, second, third, fourth)
		}
		got, seq, err := s.Settings(t.Context())
		if err != nil || seq != fourth {
			t.Errorf("number %d, %v", seq, err)
		}
		diff(t, "settings", []store.Setting{{Name: "alias/national", Value: "m3", Seq: third}}, got)
		if seq, err := s.SettingSeq(t.Context()); err != nil || seq != fourth {
			t.Errorf("number %d, %v", seq, err)
		}
		history := func(name string, before int64, limit int) []store.SettingChange {
			t.Helper()
			got, err := s.SettingHistory(t.Context(), name, before, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range got {
				if time.Since(c.At) > time.Hour {
					t.Errorf("change %d was at %v", c.Seq, c.At)
				}
			}
			return got
		}
		want := []store.SettingChange{
			{Seq: third, Name: "alias/national", Value: "m3", Before: "m1", Action: "promote"},
			{Seq: first, Name: "alias/national", Value: "m1", Action: "promote", By: "张三", Reason: "win", Detail: []byte(`{"verdict":"pass"}`)},
		}
		if d := cmp.Diff(want, history("alias/national", 0, 10), cmpopts.IgnoreFields(store.SettingChange{}, "At")); d != "" {
			t.Error(d)
		}
		var seqs []int64
		for _, c := range append(history("", 0, 3), history("", second, 3)...) {
			seqs = append(seqs, c.Seq)
		}
		diff(t, "all, in pages", []int64{fourth, third, second, first}, seqs)
	}},
	{"a change that is based on another state is refused", func(t *testing.T, s store.Store) {
		for _, c := range []store.SettingChange{{Name: "a", Value: "1", Since: 5}, {Name: "a", Value: "1"}, {Name: "a", Value: "2"}} {
			_, err := s.ChangeSetting(t.Context(), c)
			if c.Since == 0 && c.Value == "1" {
				if err != nil {
					t.Fatal(err)
				}
				continue
			}
			wantKind(t, err, match.Conflict)
		}
		changes, err := s.SettingHistory(t.Context(), "", 0, 10)
		if err != nil || len(changes) != 1 {
			t.Errorf("%+v, %v", changes, err)
		}
		_, err = s.SettingHistory(t.Context(), "", 0, 0)
		wantKind(t, err, match.Invalid)
	}},
	{"of many changes at once none is lost", func(t *testing.T, s store.Store) { changeSettingsAtOnce(t, []store.Store{s}) }},
	{"a dataset is kept once", func(t *testing.T, s store.Store) {
		body := []byte{0, 1, 255}
		d := store.Dataset{Name: "gate-2026", Info: []byte(`{"pairs":3}`)}
		if err := s.PutDataset(t.Context(), d, body); err != nil {
			t.Fatal(err)
		}
		wantKind(t, s.PutDataset(t.Context(), d, body), match.Conflict)
		got, err := s.DatasetBody(t.Context(), "gate-2026")
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%v, %v", got, err)
		}
		list, err := s.Datasets(t.Context())
		if err != nil || len(list) != 1 || list[0].Name != d.Name || string(list[0].Info) != `{"pairs":3}` || list[0].SHA256 != sha256.Sum256(body) {
			t.Errorf("%+v, %v", list, err)
		}
		_, err = s.DatasetBody(t.Context(), "none")
		wantKind(t, err, match.NotFound)
	}},
	{"operations come back, the newest first", func(t *testing.T, s store.Store) {
		op := func(id string, n int64) store.OperationState {
			return store.OperationState{ID: id, Owner: "o", At: time.Unix(n, 0).UTC(), Seen: time.Unix(n+1, 0).UTC(), Body: []byte{0, byte(n)}}
		}
		for i := range 3 {
			if err := s.PutOperation(t.Context(), op(fmt.Sprint("op", i), int64(i+1))); err != nil {
				t.Fatal(err)
			}
		}
		done := op("op0", 1)
		done.Done, done.Owner, done.Seen = true, "other", time.Unix(99, 0).UTC()
		if err := s.PutOperation(t.Context(), done); err != nil {
			t.Fatal(err)
		}
		got, err := s.ListOperations(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "the newest", []store.OperationState{op("op2", 3), op("op1", 2)}, got)
		if got, err = s.ListOperations(t.Context(), 10); err != nil || len(got) != 3 {
			t.Fatal(got, err)
		}
		diff(t, "the changed one", done, got[2])
	}},
	{"observations and answers of a pilot are listed by number", func(t *testing.T, s store.Store) {
		var want []string
		for i := range 7 {
			o := store.Shadow{Pilot: fmt.Sprint("p", i%2), Request: fmt.Sprint("r", i), At: time.Unix(int64(i), 0).UTC(), Body: []byte(fmt.Sprintf(`{"n":%d}`, i))}
			if err := s.PutShadows(t.Context(), []store.Shadow{o, o}); err != nil {
				t.Fatal(err)
			}
			k := kept(fmt.Sprint("r", i), i)
			if i%2 == 0 {
				k.Pilot, k.Arm, k.Party = "p0", "challenger", "party"
				want = append(want, k.RequestID)
			}
			keep(t, s, k)
		}
		var after int64
		var shadows, answers []string
		for {
			page, err := s.ListShadows(t.Context(), "p0", after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, o := range page {
				if o.Number <= after || o.Pilot != "p0" {
					t.Fatalf("%+v after %d", o, after)
				}
				after = o.Number
				shadows = append(shadows, o.Request+string(o.Body))
			}
		}
		diff(t, "observations", 8, len(shadows))
		diff(t, "the last", `r6{"n":6}`, shadows[7])
		for after = 0; ; {
			page, err := s.PilotAnswers(t.Context(), "p0", after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, a := range page {
				if a.Number <= after || a.Pilot != "p0" || a.Arm != "challenger" || a.Party != "party" {
					t.Fatalf("%+v after %d", a, after)
				}
				after = a.Number
				answers = append(answers, a.RequestID)
			}
		}
		diff(t, "answers", want, answers)
	}},
}

// changeSettingsAtOnce has goroutines change one setting, each on what it last saw.
func changeSettingsAtOnce(t *testing.T, stores []store.Store) {
	const workers, each = 4, 6
	var made, refused atomic.Int64
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			s := stores[w%len(stores)]
			for n := 0; n < each; {
				settings, _, err := s.Settings(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				c := store.SettingChange{Name: "a", Value: fmt.Sprint(w, "-", n)}
				if len(settings) > 0 {
					c.Since = settings[0].Seq
				}
				switch _, err := s.ChangeSetting(t.Context(), c); {
				case err == nil:
					made.Add(1)
					n++
				case match.KindOf(err) == match.Conflict:
					refused.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	changes, err := stores[0].SettingHistory(t.Context(), "a", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "changes", int64(workers*each), made.Load())
	diff(t, "kept", workers*each, len(changes))
	for i := range changes[:len(changes)-1] {
		if changes[i].Before != changes[i+1].Value || changes[i].Seq != changes[i+1].Seq+1 {
			t.Errorf("change %+v follows %+v", changes[i], changes[i+1])
		}
	}
	t.Logf("%d changes, %d were refused", made.Load(), refused.Load())
}
