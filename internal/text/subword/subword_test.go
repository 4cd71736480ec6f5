package subword_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text/subword"
)

// names are the tokenisers in testdata, which testdata/make.py made.
var names = []string{
	"wordpiece-uncased", "bpe-bytes", "bpe-split", "bpe-fallback", "bpe-affixes", "unigram-rules", "unigram-first",
}

func open(t testing.TB, name string) *subword.Tokeniser {
	t.Helper()
	tok, err := subword.Open(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func read(t testing.TB, name string, to any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		t.Fatal(err)
	}
}

func TestIDsAreTheRecordedOnesOfHuggingFace(t *testing.T) {
	var texts []string
	var recorded map[string][][]int32
	read(t, "texts.json", &texts)
	read(t, "ids.json", &recorded)
	for _, name := range names {
		tok := open(t, name)
		for i, text := range texts {
			got := tok.Encode(text, 0)
			if diff := cmp.Diff(recorded[name][i], got.IDs); diff != "" {
				t.Errorf("%s: %q (-want +got):\n%s", name, text, diff)
			}
			if n := tok.Count(text); n != len(got.IDs) || got.Text+tok.Special() != n || len(got.Types) != n {
				t.Errorf("%s: %q: Count %d, %d ids, %d of the text, %d special, %d types", name, text, n, len(got.IDs), got.Text, tok.Special(), len(got.Types))
			}
		}
	}
}

func TestALimitKeepsTheBeginningWithinItsFrame(t *testing.T) {
	tok := open(t, "wordpiece-uncased")
	full := tok.Encode("lithium battery cathode 电池正极", 0)
	cls, sep := full.IDs[0], full.IDs[len(full.IDs)-1]
	for limit := 1; limit <= len(full.IDs)+1; limit++ {
		got := tok.Encode("lithium battery cathode 电池正极", limit)
		kept := min(max(0, limit-2), full.Text)
		want := append(append([]int32{cls}, full.IDs[1:1+kept]...), sep)
		if diff := cmp.Diff(want, got.IDs); diff != "" || got.Text != kept || got.Cut != full.Text-kept {
			t.Errorf("limit %d: text %d, cut %d (-want +got):\n%s", limit, got.Text, got.Cut, diff)
		}
	}
}

// change gives a tokeniser's file with a part replaced.
func change(t *testing.T, name, part, by string) []byte {
	t.Helper()
	var f map[string]json.RawMessage
	read(t, name+".json", &f)
	f[part] = json.RawMessage(by)
	raw, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestALimitMayCutTheBeginning(t *testing.T) {
	raw := change(t, "wordpiece-uncased", "truncation", `{"direction":"Left","max_length":5,"strategy":"LongestFirst","stride":0}`)
	tok, err := subword.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	full, got := tok.Encode("a b c d e", 0), tok.Encode("a b c d e", tok.Limit())
	want := []int32{full.IDs[0], full.IDs[3], full.IDs[4], full.IDs[5], full.IDs[6]}
	if diff := cmp.Diff(want, got.IDs); diff != "" || got.Cut != 2 {
		t.Errorf("cut %d (-want +got):\n%s", got.Cut, diff)
	}
}

func TestWhatIsNotImplementedIsRefusedByName(t *testing.T) {
	for _, c := range []struct{ part, by, names string }{
		{"normalizer", `{"type":"Fancy"}`, "Fancy"},
		{"normalizer", `{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Odd"}]}`, "Odd"},
		{"normalizer", `{"type":"NFC","more":1}`, "more"},
		{"normalizer", `{"type":"Precompiled","precompiled_charsmap":"AAAA"}`, "precompiled_charsmap"},
		{"normalizer", `{"type":"Replace","pattern":{"Regex":"a(?=b)"},"content":""}`, "a(?=b)"},
		{"pre_tokenizer", `{"type":"UnicodeScripts"}`, "UnicodeScripts"},
		{"pre_tokenizer", `{"type":"Split","pattern":{"Regex":"x*"},"behavior":"Isolated","invert":false}`, "x*"},
		{"pre_tokenizer", `{"type":"Split","pattern":{"Regex":"x"},"behavior":"Mixed","invert":false}`, "Mixed"},
		{"pre_tokenizer", `{"type":"Metaspace","replacement":"▁","prepend_scheme":"often"}`, "often"},
		{"post_processor", `{"type":"Pairs"}`, "Pairs"},
		{"post_processor", `{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]","type_id":0}}],"pair":[],"special_tokens":{}}`, "[X]"},
		{"model", `{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}`, "WordLevel"},
		{"model", `{"type":"WordPiece","vocab":{"a":0},"unk_token":"[UNK]"}`, "[UNK]"},
		{"model", `{"type":"BPE","vocab":{"a":0},"merges":["a b"]}`, `"b"`},
		{"model", `{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}`, "dropout"},
		{"model", `{"type":"BPE","vocab":{"a":-1},"merges":[]}`, "negative"},
		{"model", `{"type":"Unigram","vocab":[["a",-1]],"unk_id":null}`, "unk_id"},
		{"added_tokens", `[{"id":1,"content":"","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}]`, "content"},
		{"surprise", `1`, "surprise"},
	} {
		_, err := subword.Parse(change(t, "wordpiece-uncased", c.part, c.by))
		if match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%s %s: %v", c.part, c.by, err)
		}
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokenizer.json")
	if _, err := subword.Open(path); match.KindOf(err) != match.NotFound || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

func TestACodePointGivesNoMorePiecesThanWorst(t *testing.T) {
	for _, name := range names {
		tok := open(t, name)
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ 9.，电池é锂🙂\u200b\t")), 0, 40, -1).Draw(t, "text")
			// One piece for a mark of the beginning.
			if got, most := tok.Encode(text, 0).Text, tok.Worst()*len([]rune(text))+1; got > most {
				t.Fatalf("%s: %d pieces, at most %d were told", name, got, most)
			}
		})
	}
}
