package doctor_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// defects are planted one by one.
var defects = []struct {
	name   string
	plant  func(*testing.T, string)
	code   doctor.Code
	record string
	repair bool // what --repair can do
}{
	{"a lost vector", vectors(func(ctx context.Context, ix index.Index) error { return ix.Delete(ctx, []string{"default/CN7"}) }),
		doctor.MissingVectors, "patent CN7", true},
	{"a point with one vector", vectors(func(ctx context.Context, ix index.Index) error {
		p := point("default/CN8", 256)
		delete(p.Vectors, retrieve.TitleVector)
		return ix.Upsert(ctx, []index.Point{p})
	}), doctor.MissingVectors, "patent CN8", true},
	{"vectors of another text", put("default/CN9"), doctor.StaleVector, "patent CN9", true},
	{"vectors of a withdrawn record", put("default/CN39"), doctor.WithdrawnVector, "patent CN39", true},
	{"vectors of nothing", put("default/CN999"), doctor.OrphanVector, "patent CN999", true},
	{"a lost vector hidden by one of nothing", func(t *testing.T, dir string) {
		put("default/CN999")(t, dir)
		vectors(func(ctx context.Context, ix index.Index) error { return ix.Delete(ctx, []string{"default/CN7"}) })(t, dir)
	}, doctor.MissingVectors, "patent CN7", true},
	{"a flipped bit in the vector log", func(t *testing.T, dir string) { flip(t, logOf(t, dir), 4000) }, doctor.DamagedLog, "patents.vec", true},
	{"a flipped bit in the header of the vector log", func(t *testing.T, dir string) { flip(t, logOf(t, dir), 20) }, doctor.DamagedLog, "patents.vec", true},
	{"a flipped bit in the log of a model that is not in use", otherModel, doctor.DamagedLog, "patents.vec", true},
	{"a lost vector log", func(t *testing.T, dir string) {
		if err := os.Remove(logOf(t, dir)); err != nil {
			t.Fatal(err)
		}
	}, doctor.MissingVectors, "patent CN0", true},
	{"a flipped bit in a file of words", func(t *testing.T, dir string) { flip(t, wordsOf(t, dir), 300) }, doctor.DamagedWords, "patents", true},
	{"a lost file of words", func(t *testing.T, dir string) {
		if err := os.Remove(wordsOf(t, dir)); err != nil {
			t.Fatal(err)
		}
	}, doctor.DamagedWords, "patents", true},
	{"words of one record too few", words(func(ctx context.Context, x *segment.Index) error { return x.Delete(ctx, []string{"default/CN7"}) }),
		doctor.DamagedWords, "patents", true},
	{"words of a record that is not stored", words(func(ctx context.Context, x *segment.Index) error {
		return x.Upsert(ctx, []lexical.Doc{{Key: "default/CN999", Text: "电池"}})
	}), doctor.DamagedWords, "patents", true},
	{"a watermark ahead of the writes", query(`UPDATE watermark SET seq = 9000`), doctor.AheadMark, "vectors/patents/", true},
	{"a watermark ahead of its kind", query(`UPDATE watermark SET seq = 43 WHERE follower LIKE '%patents%'`), doctor.AheadMark, "vectors/patents/", true},
	{"a failure of an unknown record", query(`INSERT INTO failure VALUES ('default', 'patent', 'CN777', 'x', 1, 'accepted', 'r', 1, NULL)`),
		doctor.Code(sqlite.StrayFailure), "patent CN777", true},
	{"a wrong sum of ratings", query(`INSERT INTO rated VALUES ('default', 'patent', 'CN5', 9, 2)`), doctor.Code(sqlite.DamagedRating), "patent CN5", true},
	{"a dataset that has changed", query(`INSERT INTO dataset VALUES ('gate', 1, x'00', '{}', x'010203')`), doctor.Code(sqlite.DamagedModel), "dataset gate", false},
	{"a wrong count", query(`UPDATE tally SET live = live + 5 WHERE kind = 'patent'`), doctor.Code(sqlite.DamagedTally), "patent", true},

	{"a changed body", query(`UPDATE revision SET packed = CAST(replace(packed, ' 5"', ' 6"') AS BLOB) WHERE instr(packed, CAST(' 5"' AS BLOB))`), doctor.Code(sqlite.DamagedHash), "patent CN5, revision 1", false},
	{"a body that is not JSON", query(`UPDATE revision SET packed = substr(packed, 1, 20) WHERE seq = 4`), doctor.Code(sqlite.DamagedBody), "patent CN3, revision 1", false},
	{"a body that breaks a rule", query(`UPDATE revision SET packed = CAST(replace(packed, '"}', '","readiness":77}') AS BLOB) WHERE seq = 4`), doctor.Code(sqlite.DamagedBody), "patent CN3, revision 1", false},
	{"a newest revision that is not there", query(`DELETE FROM revision WHERE seq = 4`), doctor.Code(sqlite.DamagedPointer), "patent CN3", false},
	{"a newest revision that is not the newest", query(`UPDATE record SET seq = 2, number = 1 WHERE id = 'CN1'`), doctor.Code(sqlite.DamagedPointer), "patent CN1", false},
	{"a revision of no record", query(`INSERT INTO revision VALUES (99, 98, 1, 0, 'public', 0, '{}', NULL)`), doctor.Code(sqlite.DamagedKey), "revision, row 99", false},
	{"a damaged page of the database", func(t *testing.T, dir string) { scribble(t, filepath.Join(dir, sqlite.FileName), 3*8192+3000) }, doctor.Code(sqlite.DamagedFile), sqlite.FileName, false},
	{"a damaged header of the database", func(t *testing.T, dir string) { scribble(t, filepath.Join(dir, sqlite.FileName), 0) }, doctor.Code(sqlite.DamagedFile), sqlite.FileName, false},
}

func scribble(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xa5garbage", 600)), at); err != nil {
		t.Fatal(err)
	}
}

// otherModel leaves a damaged log of a model that is not in use.
func otherModel(t *testing.T, dir string) {
	t.Helper()
	at := instance.VectorDir(dir, "another")
	ix, err := flat.Open(at, index.Spec{Collection: "patents", Model: "another", Dim: 8, Vectors: []string{"text"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Upsert(t.Context(), []index.Point{{Key: "default/CN1", Vectors: map[string][]float32{"text": {1, 0, 0, 0, 0, 0, 0, 0}}}}); err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	flip(t, flat.Path(at, "patents"), 120)
}

func TestEveryPlantedDefectIsFoundAndRepairedWhereItCanBe(t *testing.T) {
	for _, d := range defects {
		t.Run(d.name, func(t *testing.T) {
			dir := folder(t)
			before := exported(t, dir)
			d.plant(t, dir)
			report := run(t, dir, doctor.Options{Deep: d.code == doctor.StaleVector})
			wantFinding(t, report, d.code, d.record, false)
			inChinese(t, report)
			if report.Sound {
				t.Error("the folder is called sound")
			}
			report = run(t, dir, doctor.Options{Deep: d.code == doctor.StaleVector, Repair: true})
			wantFinding(t, report, d.code, d.record, d.repair)
			if report.Sound != d.repair {
				t.Errorf("after the repair: sound is %v, %+v", report.Sound, report.Findings)
			}
			if !d.repair {
				return
			}
			if again := run(t, dir, doctor.Options{Deep: true}); !again.Sound || again.Vectors != records {
				t.Errorf("once more: %d vectors, %+v", again.Vectors, again.Findings)
			}
			if after := exported(t, dir); !slices.Equal(before, after) {
				t.Error("records are not what they were")
			}
		})
	}
}

func TestFoldersOfKilledWorkAreRemoved(t *testing.T) {
	dir := folder(t)
	left := filepath.Join(dir, ".restore-17")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	report := run(t, dir, doctor.Options{})
	wantFinding(t, report, doctor.Leftover, left, false)
	if !report.Sound {
		t.Error("a leftover makes the folder unsound")
	}
	wantFinding(t, run(t, dir, doctor.Options{Repair: true}), doctor.Leftover, left, true)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}

func run(t *testing.T, dir string, o doctor.Options) *doctor.Report {
	t.Helper()
	report, err := doctor.Run(t.Context(), instance.Config{Data: dir}, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// english finds what is left of English in a text: two words of it.
var english = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)

// inChinese checks that no detail is left in English. What SQLite says of its file is.
func inChinese(t *testing.T, r *doctor.Report) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Code != doctor.Code(sqlite.DamagedFile) && english.MatchString(f.Words.ZH) {
			t.Errorf("%s: %s", f.Code, f.Words.ZH)
		}
	}
}

func wantFinding(t *testing.T, r *doctor.Report, code doctor.Code, record string, repaired bool) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Code == code && strings.Contains(f.Record, record) && f.Repaired == repaired {
			if f.Reason.ZH == "" || f.Reason.EN == "" {
				t.Errorf("%s has no reason", code)
			}
			return
		}
	}
	t.Errorf("no finding %s of %s, repaired %v: %+v", code, record, repaired, r.Findings)
}

func wordsOf(t *testing.T, dir string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(instance.WordDir(dir, match.PatentKind), "*.words"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v, %v", paths, err)
	}
	return paths[0]
}

// words changes the words of the patents behind the catalog's back.
func words(change func(context.Context, *segment.Index) error) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		x, err := segment.Open(instance.WordDir(dir, match.PatentKind))
		if err != nil {
			t.Fatal(err)
		}
		if err := change(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if err := x.Flush(t.Context(), x.Mark()); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
