package distill

import (
	"slices"
	"testing"
)

func TestTheVocabularyHoldsWhatIsAlwaysThereThenTheTextsWordsThenTheList(t *testing.T) {
	in := Input{
		Words:  []Word{{Text: "公司", Count: 900}, {Text: "张三", Count: 800, Tag: "nr"}, {Text: "经济", Count: 700}, {Text: "电池", Count: 3}, {Text: "隔膜", Count: 2}},
		Pieces: []string{"电", "##ing"},
	}
	texts := []string{"电池隔膜，电池 PVDF pvdf xyz"}
	base := choose(0, in, texts)
	for _, always := range []string{"电", "##ing", "7", "pvdf", "lithium", "mpa"} {
		if !slices.Contains(base, always) {
			t.Errorf("%s is not always there", always)
		}
	}
	if slices.Contains(base, "xyz") || slices.Contains(base, "电池") {
		t.Error("a Latin word found once, or a Chinese word, is always there")
	}
	for i, want := range []string{"电池", "隔膜", "公司", "经济"} {
		if got := choose(len(base)+i+1, in, texts); !slices.Contains(got, want) || len(got) != len(base)+i+1 || !slices.IsSorted(got) {
			t.Errorf("word %d is not %s", i+1, want)
		}
	}
	if got := choose(len(base)+100, in, texts); slices.Contains(got, "张三") {
		t.Error("the name of a person is there")
	}
}

func TestFrequentEntriesWeighLess(t *testing.T) {
	entries := []string{"##ing", "the", "公司", "电池"}
	in := Input{Words: []Word{{Text: "公司", Count: 1000}, {Text: "电池", Count: 10}}}
	w := weights(entries, in, [][]int32{{2, 3}, {2}}, 1e-4)
	for i, x := range w {
		if !(x > 0 && x <= 1) {
			t.Errorf("%s has weight %v", entries[i], x)
		}
	}
	if w[2] >= w[3] || w[0] > 0.04 || w[1] > 0.04 {
		t.Errorf("weights %v of %v", w, entries)
	}
}
