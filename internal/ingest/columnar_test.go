package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

func parquetOf[T any](t testing.TB, rows ...T) string {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestColumnsOfAllTypesAreRead(t *testing.T) {
	type applicant struct {
		Name string  `parquet:"name"`
		Kind *string `parquet:"kind,optional"`
	}
	type fee struct {
		Min int64 `parquet:"min_cny"`
		Max int64 `parquet:"max_cny"`
	}
	type row struct {
		Number     float64           `parquet:"专利号"`
		Title      string            `parquet:"title"`
		Applicants []applicant       `parquet:"applicants,list"`
		IPC        []string          `parquet:"ipc,list"`
		Pools      []string          `parquet:"pools"`
		Filed      int32             `parquet:"filing_date,date"`
		Published  time.Time         `parquet:"publication_date,timestamp(microsecond)"`
		Granted    *int64            `parquet:"grant_date,optional,timestamp(millisecond)"`
		Fee        *fee              `parquet:"fee,optional"`
		Rating     string            `parquet:"rating"`
		Readiness  int8              `parquet:"readiness"`
		SelfRating float32           `parquet:"self_rating"`
		Price      int64             `parquet:"value,decimal(2:18)"`
		Attributes map[string]string `parquet:"attributes"`
		Withdrawn  bool              `parquet:"withdrawn"`
		Missing    *float64          `parquet:"tier,optional"`
	}
	kind := "university"
	millis := time.Date(2023, 1, 2, 0, 0, 0, 0, time.UTC).UnixMilli()
	p := onePatent(t, "a.parquet", parquetOf(t, row{
		Number: 202110312001, Title: "电池", Applicants: []applicant{{"清华大学", &kind}, {"甲", nil}}, IPC: []string{"H01M 10/0525", "H01M"},
		Pools: []string{"x", "y"}, Filed: 18698, Published: time.Date(2022, 3, 12, 5, 6, 7, 0, time.UTC), Granted: &millis,
		Fee: &fee{1, 2}, Rating: `{"mean": 4.5, "count": 3}`, Readiness: 6, SelfRating: 4, Price: 1250,
		Attributes: map[string]string{"k": "v"},
	}))
	want := match.Patent{
		Number: "202110312001", Title: "电池", Applicants: []match.Applicant{{Name: "清华大学", Kind: match.University}, {Name: "甲"}},
		IPC: []string{"H01M 10/0525", "H01M"}, Pools: []string{"x", "y"}, FilingDate: "2021-03-12", PublicationDate: "2022-03-12", GrantDate: "2023-01-02",
		Fee: &match.MoneyRange{Min: 1, Max: 2}, Rating: &match.Rating{Mean: 4.5, Count: 3}, Readiness: 6, SelfRating: 4,
		Attributes: map[string]string{"k": "v", "value": "12.50"},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("patent (-want +got):\n%s", diff)
	}
}

func TestWhatIsWrittenInColumnsReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		record := patentRecord(t)
		if rapid.Bool().Draw(t, "demand") {
			record = demandRecord(t)
		}
		if record.Validate() != nil {
			t.Skip("not valid")
		}
		var b bytes.Buffer
		w := NewParquetWriter(&b, record.Kind)
		for range 2 {
			if err := w.Write(record); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(bytes.NewReader(b.Bytes()), "export.parquet", Options{Kind: record.Kind})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			row, err := r.Next()
			if err != nil || row.Err != nil {
				t.Fatal(err, row.Err)
			}
			if diff := cmp.Diff(record, row.Record); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatalf("error %v, want EOF", err)
		}
	})
}

func TestDamagedColumnsAreCorruptAndNeverAPanic(t *testing.T) {
	type row struct{ Number, Title string }
	var rows []row
	for range 1000 {
		rows = append(rows, row{"CN1", "t"})
	}
	whole := parquetOf(t, rows...)
	for _, cut := range []int{1, 9, len(whole) / 2, len(whole) - 5} {
		_, err := NewReader(strings.NewReader("PAR1"+whole[4:cut+4-4+4]), "a.parquet", Options{Kind: match.PatentKind})
		if match.KindOf(err) != match.Corrupt || !strings.HasPrefix(err.Error(), "a.parquet: is not a whole Parquet file") {
			t.Errorf("cut at %d: error %v", cut, err)
		}
	}
	for at := 4; at < len(whole); at += 7 {
		broken := []byte(whole)
		broken[at] ^= 0xff
		r, err := NewReader(bytes.NewReader(broken), "a.parquet", Options{Kind: match.PatentKind})
		for err == nil {
			_, err = r.Next()
		}
		if k := match.KindOf(err); err != io.EOF && k != match.Corrupt && k != match.Invalid && k != match.Exhausted {
			t.Errorf("byte %d: error %v of kind %v", at, err, k)
		}
	}
}

func TestColumnsOfEveryCompressionAreReadAndDamageIsFoundAtOnce(t *testing.T) {
	type row struct{ Number, Title string }
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd, &parquet.Lz4Raw} {
		for version := 1; version <= 2; version++ {
			t.Run(fmt.Sprint(codec, version), func(t *testing.T) {
				var b bytes.Buffer
				w := parquet.NewGenericWriter[row](&b, parquet.Compression(codec), parquet.DataPageVersion(version))
				if _, err := w.Write([]row{{"CN1", strings.Repeat("t", 1000)}, {"CN2", "u"}}); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				rows, _ := readAll(t, "a.parquet", b.String(), Options{Kind: match.PatentKind})
				if len(rows) != 2 || rows[0].Err != nil || rows[1].Record.Patent.Title != "u" {
					t.Fatalf("rows %+v", rows)
				}
			})
		}
	}
}

// TestAPageOfLZ4ThatAsksForEverMoreIsCorrupt is what fuzzing found: the codec of
// the parser doubles its buffer for as long as a block cannot be unfolded.
func TestAPageOfLZ4ThatAsksForEverMoreIsCorrupt(t *testing.T) {
	type row struct{ Number, Title string }
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, parquet.Compression(&parquet.Lz4Raw))
	if _, err := w.Write([]row{{"CN1", strings.Repeat("t", 100)}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	for at := bytes.LastIndex(whole, []byte("tttt")) - 6; at < len(whole)/2; at++ {
		broken := bytes.Clone(whole)
		broken[at] = 0xff
		r, err := NewReader(bytes.NewReader(broken), "a.parquet", Options{Kind: match.PatentKind})
		for err == nil {
			_, err = r.Next()
		}
		if k := match.KindOf(err); err != io.EOF && k != match.Corrupt && k != match.Exhausted && k != match.Invalid {
			t.Errorf("byte %d: %v", at, err)
		}
	}
}
