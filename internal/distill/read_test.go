package distill

import (
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/google/go-cmp/cmp"
)

func TestWordListsAreFoldedAndDescendByFrequency(t *testing.T) {
	got, err := ReadWords(strings.NewReader("电池 20 n\n\nＬＥＤ\t5\nled 7 eng\n材料 20\n"))
	want := []Word{{"材料", 20, ""}, {"电池", 20, "n"}, {"led", 7, "eng"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, difference %s", err, diff)
	}
}

func TestTextsAreObjectsOrLines(t *testing.T) {
	got, err := ReadTexts(strings.NewReader("{\"title\":\"甲\",\"abstract\":\"乙\"}\n\n一行\n{\"_id\":\"1\",\"text\":\"丙\"}"))
	want := []Text{{"甲", "乙"}, {"", "一行"}, {"", "丙"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, difference %s", err, diff)
	}
}

func TestPiecesAreCharactersAndLatin(t *testing.T) {
	got, err := ReadPieces(strings.NewReader(`{"model":{"vocab":{"[CLS]":1,"电":2,"##ing":3,"cell":4,"##电":5,"12":6,"，":7,"電池":8}}}`))
	if diff := cmp.Diff([]string{"##ing", "cell", "电"}, got); err != nil || diff != "" {
		t.Errorf("error %v, difference %s", err, diff)
	}
}

func TestInputThatCannotBeReadNamesItsLine(t *testing.T) {
	_, none := ReadWords(strings.NewReader("电池 1\n材料\n"))
	_, number := ReadWords(strings.NewReader("电池 x"))
	_, below := ReadWords(strings.NewReader("电池 -1"))
	_, bytes := ReadWords(strings.NewReader("\xff 1"))
	_, object := ReadTexts(strings.NewReader("好\n{\"title\":"))
	_, text := ReadTexts(strings.NewReader("\xff"))
	_, pieces := ReadPieces(strings.NewReader("{}"))
	for i, err := range []error{none, number, below, bytes, object, text, pieces} {
		if match.KindOf(err) != match.Invalid {
			t.Errorf("case %d: error %v", i, err)
		}
	}
	if !strings.Contains(none.Error(), "line 2") || !strings.Contains(object.Error(), "line 2") {
		t.Errorf("no line: %v, %v", none, object)
	}
}

func TestPartsAreDistinctAndLongerThanOneCharacter(t *testing.T) {
	got := parts([]Text{{"锂电池", "电解液，隔膜；隔膜。好"}, {"", "锂电池"}})
	want := []string{"锂电池", "电解液，隔膜；隔膜。好", "锂电池\n电解液，隔膜；隔膜。好", "电解液，隔膜", "隔膜", "电解液"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzReaders(f *testing.F) {
	f.Add("电池 20 n\nled 7")
	f.Add(`{"title":"甲","text":"乙，丙。"}`)
	f.Add(`{"model":{"vocab":{"##a":1}}}`)
	f.Fuzz(func(t *testing.T, data string) {
		if words, err := ReadWords(strings.NewReader(data)); err == nil {
			newSegmenter(words).words(data, func(string) {})
		}
		if texts, err := ReadTexts(strings.NewReader(data)); err == nil {
			for _, p := range parts(texts) {
				if strings.TrimSpace(p) != p || p == "" {
					t.Fatalf("part %q", p)
				}
			}
		}
		if pieces, err := ReadPieces(strings.NewReader(data)); err == nil && len(pieces) == 0 {
			t.Fatal("no piece and no error")
		}
	})
}
