package subword_test

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/text/subword"
)

func fuzz(f *testing.F, name string) {
	var texts []string
	read(f, "texts.json", &texts)
	for _, s := range texts {
		f.Add(s)
	}
	f.Add("\xff\xfe broken \xe7\x94")
	tok := open(f, name)
	f.Fuzz(func(t *testing.T, text string) {
		e := tok.Encode(text, 0)
		for _, id := range e.IDs {
			if id < 0 || int(id) >= tok.Size() {
				t.Fatalf("id %d of %d", id, tok.Size())
			}
		}
		if !utf8.ValidString(text) {
			return
		}
		limit := tok.Special() + 3
		if cut := tok.Encode(text, limit); len(cut.IDs) > limit || cut.Text+cut.Cut != e.Text {
			t.Fatalf("%d tokens, %d cut, %d before", len(cut.IDs), cut.Cut, e.Text)
		}
	})
}

func FuzzWordPiece(f *testing.F)    { fuzz(f, "wordpiece-uncased") }
func FuzzBPEBytes(f *testing.F)     { fuzz(f, "bpe-bytes") }
func FuzzBPESplit(f *testing.F)     { fuzz(f, "bpe-split") }
func FuzzBPEFallback(f *testing.F)  { fuzz(f, "bpe-fallback") }
func FuzzBPEAffixes(f *testing.F)   { fuzz(f, "bpe-affixes") }
func FuzzUnigramRules(f *testing.F) { fuzz(f, "unigram-rules") }
func FuzzUnigramFirst(f *testing.F) { fuzz(f, "unigram-first") }

// FuzzParse checks that a file which is accepted also works.
func FuzzParse(f *testing.F) {
	for _, model := range []string{
		`{"type":"WordPiece","vocab":{"a":0,"##b":1,"u":2},"unk_token":"u"}`,
		`{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"],"unk_token":"a","fuse_unk":true}`,
		`{"type":"Unigram","vocab":[["a",-1],["▁b",-2]],"unk_id":0}`,
	} {
		f.Add([]byte(`{"model":` + model + `,"normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace"},"post_processor":{"type":"BertProcessing","sep":["a",0],"cls":["a",0]}}`))
		f.Add([]byte(`{"model":` + model + `,"normalizer":{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},"pre_tokenizer":{"type":"Split","pattern":{"String":" "},"behavior":"Removed"}}`))
		f.Add([]byte(`{"model":` + model + `,"normalizer":{"type":"Precompiled","precompiled_charsmap":"BAAAAAAAAAA="},"added_tokens":[{"id":1,"content":"a","lstrip":true}]}`))
	}
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if tok, err := subword.Parse(raw); err == nil {
			tok.Encode("A 电池, ½ \u0301\r\n ", 4)
		}
	})
}
