package sweep_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/sweep"
)

// open returns a job over the sample: its demands with its patents.
func open(t *testing.T) (*instance.Instance, sweep.Job) {
	t.Helper()
	in, err := instance.Open(t.Context(), instance.Config{Data: t.TempDir(), Now: sample.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	put(t, in, s.Records()...)
	return in, sweep.Job{
		Store: in.Store, Engine: in.Engine, Kind: match.DemandKind, Tenant: match.DefaultTenant, Limit: 4, Day: match.DateOf(sample.Now()), Block: 9,
	}
}

func put(t *testing.T, in *instance.Instance, records ...match.Record) {
	t.Helper()
	b := store.Batch{Tenant: match.DefaultTenant}
	for _, r := range records {
		b.Items = append(b.Items, store.Item{Record: r})
	}
	if _, err := in.Catalog.Write(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// collect runs a job in memory.
func collect(t *testing.T, j sweep.Job) (rows []sweep.Row, total sweep.Block) {
	t.Helper()
	err := j.Run(t.Context(), "", func(b sweep.Block) error {
		rows = append(rows, b.Rows...)
		total.Records, total.Empty, total.Degraded = total.Records+b.Records, total.Empty+b.Empty, total.Degraded+b.Degraded
		total.LeftOut.Add(b.LeftOut)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, total
}

// finish runs a job into a file from where it stands.
func finish(t *testing.T, f *sweep.File, j sweep.Job) {
	t.Helper()
	if err := j.Run(t.Context(), f.State().Last, f.Add); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestRowsDoNotDependOnBlocksAndShards(t *testing.T) {
	_, job := open(t)
	for _, job.Kind = range []match.Kind{match.DemandKind, match.PatentKind} {
		for _, job.Dense = range []bool{false, true} {
			job.Shard, job.Block = sweep.Shard{}, 1000
			want, total := collect(t, job)
			if total.Records < 60 || len(want) < 3*total.Records || total.Degraded > 0 {
				t.Fatalf("%+v, %d rows", total, len(want))
			}
			for _, job.Block = range []int{1, 7} {
				if got, _ := collect(t, job); !slices.Equal(got, want) {
					t.Errorf("%s, dense %t: blocks of %d change the rows:\n%s", job.Kind, job.Dense, job.Block, cmp.Diff(want, got))
				}
			}
			var parts []sweep.Row
			for n := range 3 {
				job.Shard = sweep.Shard{N: n + 1, Of: 3}
				part, some := collect(t, job)
				if len(part) == 0 || some.Records > total.Records*2/3 {
					t.Errorf("shard %v has %d of %d records", job.Shard, some.Records, total.Records)
				}
				parts = append(parts, part...)
			}
			if !slices.Equal(sorted(parts), sorted(want)) {
				t.Errorf("%s: three shards have %d rows, the whole %d", job.Kind, len(parts), len(want))
			}
		}
	}
}

func sorted(rows []sweep.Row) []sweep.Row {
	return slices.SortedFunc(slices.Values(rows), func(a, b sweep.Row) int {
		return strings.Compare(fmt.Sprint(a.Demand, a.Patent), fmt.Sprint(b.Demand, b.Patent))
	})
}

// A job that was cut off anywhere, also in the middle of a block, ends with the bytes of
// one that was not.
func TestAResumedJobHasEachRowOnce(t *testing.T) {
	_, job := open(t)
	r := rand.New(rand.NewPCG(1, 1))
	for _, format := range []sweep.Format{sweep.TSV, sweep.CSV, sweep.JSONL} {
		dir := t.TempDir()
		whole, broken := filepath.Join(dir, "whole"), filepath.Join(dir, "broken")
		f, err := sweep.Create(whole, format, job)
		if err != nil {
			t.Fatal(err)
		}
		finish(t, f, job)
		if f, err = sweep.Create(broken, format, job); err != nil {
			t.Fatal(err)
		}
		for stops := 0; ; stops++ {
			blocks, stop := r.IntN(3), errors.New("killed")
			err := job.Run(t.Context(), f.State().Last, func(b sweep.Block) error {
				if blocks--; blocks < 0 {
					return stop
				}
				return f.Add(b)
			})
			if err == nil {
				if stops < 2 {
					t.Fatalf("stopped %d times", stops)
				}
				break
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			// What a kill in the middle of a write leaves.
			part, err := os.OpenFile(broken+".part", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(part, "D-HALF\tCN1"[:r.IntN(10)])
			part.Close()
			if f, err = sweep.Resume(broken, format, job); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(read(t, whole), read(t, broken)); d != "" {
			t.Errorf("%s: (-whole +resumed):\n%s", format, d)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*part*")); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	}
}

type parquetRow struct {
	Demand string  `parquet:"demand_id"`
	Patent string  `parquet:"patent_number"`
	Rank   int32   `parquet:"rank"`
	Score  float64 `parquet:"score"`
	Logit  float64 `parquet:"logit"`
}

func TestParquetHasTheRowsOfTheOtherFormats(t *testing.T) {
	_, job := open(t)
	dir := t.TempDir()
	rows, _ := collect(t, job)
	f, err := sweep.Create(filepath.Join(dir, "x.parquet"), sweep.Parquet, job)
	if err != nil {
		t.Fatal(err)
	}
	finish(t, f, job)
	got, err := parquet.ReadFile[parquetRow](filepath.Join(dir, "x.parquet"))
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d rows, %v, want %d", len(got), err, len(rows))
	}
	for i, r := range rows {
		want := fmt.Sprintf("%s %s %d %.6f %.6f", r.Demand, r.Patent, r.Rank, r.Score, r.Logit)
		if have := fmt.Sprintf("%s %s %d %.6f %.6f", got[i].Demand, got[i].Patent, got[i].Rank, got[i].Score, got[i].Logit); have != want {
			t.Fatalf("row %d: %s, want %s", i, have, want)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Errorf("%d files are left", len(entries))
	}
}

func TestLinesHaveTheirForm(t *testing.T) {
	row := sweep.Row{Demand: "D,1", Patent: "CN\"2", Rank: 3, Score: 0.5, Logit: -1.25}
	for _, c := range []struct {
		format sweep.Format
		dense  bool
		want   string
	}{
		{sweep.TSV, false, "demand_id\tpatent_number\trank\tscore\tlogit\nD,1\t\"CN\"\"2\"\t3\t0.500000\t-1.250000\n"},
		{sweep.CSV, false, "demand_id,patent_number,rank,score,logit\n\"D,1\",\"CN\"\"2\",3,0.500000,-1.250000\n"},
		{sweep.CSV, true, "demand_id,patent_number,rank,cosine\n\"D,1\",\"CN\"\"2\",3,0.500000\n"},
		{sweep.JSONL, false, "{\"demand_id\":\"D,1\",\"patent_number\":\"CN\\\"2\",\"rank\":3,\"score\":0.500000,\"logit\":-1.250000}\n"},
		{sweep.JSONL, true, "{\"demand_id\":\"D,1\",\"patent_number\":\"CN\\\"2\",\"rank\":3,\"cosine\":0.500000}\n"},
	} {
		if d := cmp.Diff(c.want, string(c.format.Append([]byte(c.format.Header(c.dense)), row, c.dense))); d != "" {
			t.Errorf("%s: (-want +got):\n%s", c.format, d)
		}
	}
}

func TestWhatCannotBeHadIsLeftOutUnlessItIsAskedFor(t *testing.T) {
	in, job := open(t)
	job.Limit = 100
	d := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D-CLOSED", Title: "求购电池回收技术", State: match.Closed})
	late := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D-LATE", Title: "求购电池回收技术", Deadline: "2020-01-01"})
	secret := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D-PRIVATE", Title: "求购电池回收技术"})
	secret.Visibility = match.Private
	gone := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CNGONE", Title: "电池回收方法", LegalStatus: match.Lapsed})
	_, before := collect(t, job)
	put(t, in, d, late, secret, gone)
	asked := func(rows []sweep.Row) (demands, patents map[string]bool) {
		demands, patents = map[string]bool{}, map[string]bool{}
		for _, r := range rows {
			demands[r.Demand], patents[r.Patent] = true, true
		}
		return demands, patents
	}
	rows, all := collect(t, job)
	before.LeftOut.Add(sweep.LeftOut{match.FieldDemandState: 1, match.FieldDeadline: 1})
	if d := cmp.Diff(before.LeftOut, all.LeftOut); d != "" {
		t.Errorf("left out (-want +got): %s", d)
	}
	demands, patents := asked(rows)
	if demands["D-CLOSED"] || demands["D-LATE"] || patents["CNGONE"] || !demands["D-PRIVATE"] {
		t.Errorf("closed %t, late %t, lapsed %t, private %t", demands["D-CLOSED"], demands["D-LATE"], patents["CNGONE"], demands["D-PRIVATE"])
	}
	job.Filter.IncludeUnavailable = true
	rows, _ = collect(t, job)
	if demands, patents = asked(rows); !demands["D-CLOSED"] || !demands["D-LATE"] || !patents["CNGONE"] {
		t.Errorf("closed %t, late %t, lapsed %t", demands["D-CLOSED"], demands["D-LATE"], patents["CNGONE"])
	}
	job.Kind, job.Filter = match.PatentKind, match.Filter{}
	rows, _ = collect(t, job)
	if demands, _ = asked(rows); demands["D-PRIVATE"] {
		t.Error("a private demand is a hit")
	}
	job.Filter = match.Filter{Industries: []string{"C38"}}
	for _, j := range []sweep.Job{job, {Store: job.Store, Engine: job.Engine, Kind: match.PatentKind, Tenant: "none", Limit: 1, Day: job.Day}} {
		some, total := collect(t, j)
		if len(some) >= len(rows) || j.Tenant == "none" && total.Records != 0 {
			t.Errorf("%d rows of %d records", len(some), total.Records)
		}
	}
}

func TestAnotherJobDoesNotGoOnWithAFile(t *testing.T) {
	_, job := open(t)
	path := filepath.Join(t.TempDir(), "out.tsv")
	if _, err := sweep.Resume(path, sweep.TSV, job); match.KindOf(err) != match.NotFound {
		t.Errorf("nothing to resume: %v", err)
	}
	f, err := sweep.Create(path, sweep.TSV, job)
	if err != nil {
		t.Fatal(err)
	}
	other := job
	other.Limit++
	later, cheaper, shallow, model := job, job, job, job
	later.Day = match.DateOf(sample.Now().Add(48 * time.Hour))
	cheaper.VectorsOnly, shallow.Depth, model.Model = true, 50, "national"
	for _, j := range []sweep.Job{other, later, cheaper, shallow, model} {
		if _, err := sweep.Resume(path, sweep.TSV, j); match.KindOf(err) != match.Conflict {
			t.Errorf("another job: %v", err)
		}
	}
	if _, err := sweep.Resume(path, sweep.CSV, job); match.KindOf(err) != match.Conflict {
		t.Errorf("another format: %v", err)
	}
	second, err := sweep.Resume(path, sweep.TSV, job)
	if err != nil {
		t.Fatal(err)
	}
	block := sweep.Block{Last: "D-1", Records: 1, Rows: []sweep.Row{{Demand: "D-1", Patent: "CN1", Rank: 1}}}
	if err := second.Add(block); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(block); match.KindOf(err) != match.Conflict {
		t.Errorf("two processes at once: %v", err)
	}
	if err := os.Truncate(path+".part", 3); err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.Resume(path, sweep.TSV, job); match.KindOf(err) != match.Corrupt {
		t.Errorf("a file that lost bytes: %v", err)
	}
	if err := os.Rename(path+".part", path); err != nil { // a crash in Commit
		t.Fatal(err)
	}
	if _, err := sweep.Resume(path, sweep.TSV, job); !errors.Is(err, sweep.ErrFinished) {
		t.Errorf("all was written: %v", err)
	}
}

func TestShardsAreRead(t *testing.T) {
	for text, want := range map[string]sweep.Shard{"1/4": {1, 4}, "4/4": {4, 4}, "0/4": {}, "5/4": {}, "x": {}, "1/4/5": {}, "-1/2": {}, "1/4x": {}} {
		got, err := sweep.ParseShard(text)
		if got != want || (err == nil) != (want != sweep.Shard{}) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
}
