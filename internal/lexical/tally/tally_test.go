package tally_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/tally"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

var texts = rapid.Custom(func(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{"锂", "离子", "电池", "铜合金", "石墨烯", "𠀀𠀁", " LiFePO4 ", " 5G ", "。", " polytetrafluoroethylene ", "\xff"})
	return strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "pieces"), "")
})

func TestTermsAreThoseOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "text")
		counts, length := text.Counts(s)
		want := map[uint64]uint32{}
		for term, n := range counts {
			want[lexical.Key([]rune(term))] = uint32(n)
		}
		terms, got := tally.Of(s), map[uint64]uint32{}
		terms.Each(func(key uint64, times uint32) { got[key] = times })
		if d := cmp.Diff(want, got); d != "" || int(terms.Length) != length || len(terms.Keys) != len(want) {
			t.Fatalf("length %d of %d, %d keys (-want +got):\n%s", terms.Length, length, len(terms.Keys), d)
		}
	})
}

func TestTermsComeBackFromTheirBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := tally.Of(texts.Draw(t, "text"))
		got, err := tally.Decode(want.Append(nil))
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, d)
		}
	})
}

func TestDamagedTermsAreRefused(t *testing.T) {
	terms := tally.Of("锂离子电池电池电池 LiFePO4 正极")
	whole := terms.Append(nil)
	for n := range whole {
		if _, err := tally.Decode(whole[:n]); match.KindOf(err) != match.Corrupt {
			t.Errorf("the first %d of %d bytes: %v", n, len(whole), err)
		}
	}
	if _, err := tally.Decode(append(whole, 0)); match.KindOf(err) != match.Corrupt {
		t.Errorf("a byte too many: %v", err)
	}
	longer := terms
	longer.Length++
	if _, err := tally.Decode(longer.Append(nil)); match.KindOf(err) != match.Corrupt {
		t.Errorf("another length: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "电池", "锂离子电池电池电池 LiFePO4 正极"} {
		terms := tally.Of(s)
		f.Add(terms.Append(nil))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		terms, err := tally.Decode(in)
		if err != nil {
			return
		}
		again, err := tally.Decode(terms.Append(nil))
		if d := cmp.Diff(terms, again, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
	})
}

// definition counts as the contract has it.
type definition struct {
	texts, length int
	having        map[uint64]int
}

func define(all map[int]string) definition {
	d := definition{having: map[uint64]int{}}
	for _, s := range all {
		terms := tally.Of(s)
		d.texts++
		d.length += int(terms.Length)
		for _, key := range terms.Keys {
			d.having[key]++
		}
	}
	return d
}

func (d definition) check(t *rapid.T, got *tally.Table) {
	t.Helper()
	if got.Texts() != d.texts || got.Length() != int64(d.length) {
		t.Fatalf("%d texts of %d terms, want %d of %d", got.Texts(), got.Length(), d.texts, d.length)
	}
	for key, n := range d.having {
		if got.Having(key) != n {
			t.Fatalf("%d texts have %x, want %d", got.Having(key), key, n)
		}
	}
	if n := got.Having(lexical.Key([]rune("無有"))); n != 0 {
		t.Fatalf("%d texts have an unknown term", n)
	}
}

func TestATableCountsWhatIsInAndComesBackFromItsBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, in := &tally.Table{}, map[int]string{}
		for i := range rapid.IntRange(0, 60).Draw(t, "writes") {
			which := rapid.IntRange(0, 10).Draw(t, "which")
			if was, ok := in[which]; ok {
				terms := tally.Of(was)
				if err := table.Remove(&terms); err != nil {
					t.Fatal(err)
				}
				delete(in, which)
			}
			if i%4 < 3 {
				in[which] = texts.Draw(t, "text")
				terms := tally.Of(in[which])
				table.Add(&terms)
			}
		}
		define(in).check(t, table)
		again, err := tally.Join(table.Blocks())
		if err != nil {
			t.Fatal(err)
		}
		define(in).check(t, again)
		if !again.Equal(table) || !table.Equal(again) {
			t.Fatal("it is not equal to what it was made of")
		}
		more := tally.Of("風力")
		again.Add(&more)
		if again.Equal(table) || table.Equal(again) {
			t.Fatal("a text more makes no difference")
		}
	})
}

func TestALargeTableHasSeveralBlocks(t *testing.T) {
	r, table := rand.New(rand.NewPCG(1, 2)), &tally.Table{}
	all := map[uint64]int{}
	for range 200 {
		terms := tally.Terms{}
		for range 1000 {
			terms.Keys = append(terms.Keys, r.Uint64N(150_000)+1)
		}
		slices.Sort(terms.Keys)
		terms.Keys = slices.Compact(terms.Keys)
		terms.Length = uint32(len(terms.Keys))
		for _, key := range terms.Keys {
			all[key]++
		}
		table.Add(&terms)
	}
	blocks := table.Blocks()
	if want := (len(all) + 65535) / 65536; len(blocks) != want || want < 2 {
		t.Errorf("%d blocks for %d terms", len(blocks), len(all))
	}
	again, err := tally.Join(blocks)
	if err != nil {
		t.Fatal(err)
	}
	for key, n := range all {
		if again.Having(key) != n {
			t.Fatalf("%d texts have %d, want %d", again.Having(key), key, n)
		}
	}
}

func TestDamagedBlocksAreRefused(t *testing.T) {
	table := &tally.Table{}
	terms := tally.Of("锂离子电池电池电池 LiFePO4 正极")
	table.Add(&terms)
	whole := table.Blocks()[0]
	for i := range whole {
		for bit := range 8 {
			bad := append([]byte{}, whole...)
			bad[i] ^= 1 << bit
			if _, err := tally.Join([][]byte{bad}); match.KindOf(err) != match.Corrupt {
				t.Errorf("bit %d of byte %d: %v", bit, i, err)
			}
		}
	}
	other := &tally.Table{}
	if _, err := tally.Join([][]byte{whole, other.Blocks()[0]}); match.KindOf(err) != match.Corrupt {
		t.Errorf("blocks of two tables: %v", err)
	}
}

func TestWhatIsNotInCannotBeRemoved(t *testing.T) {
	table := &tally.Table{}
	in, out := tally.Of("锂离子电池"), tally.Of("风机叶片")
	table.Add(&in)
	if err := table.Remove(&out); match.KindOf(err) != match.Corrupt {
		t.Errorf("got %v", err)
	}
}

func Example() {
	var table tally.Table
	for _, s := range []string{"锂离子电池", "钠离子电池", "风机叶片"} {
		terms := tally.Of(s)
		table.Add(&terms)
	}
	fmt.Println(table.Texts(), table.Length(), table.Having(lexical.Key([]rune("电池"))))
	// Output: 3 11 2
}

func BenchmarkOf(b *testing.B) {
	s := strings.Repeat("一种石墨烯散热膜的制备方法，包括将氧化石墨烯分散液涂布于基材", 8)
	for b.Loop() {
		terms := tally.Of(s)
		terms.Append(nil)
	}
}
