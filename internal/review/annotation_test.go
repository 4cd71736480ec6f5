package review

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/golden"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// annotated is a pair of the annotation; see package explain's testdata/verdicts.
type annotated struct {
	Demand, Patent string
	Elements       []struct {
		Kind    match.ElementKind
		Demand  struct{ Text string }
		Verdict match.Verdict
		Patent  []struct {
			Field      string
			Start, End int
		}
	}
}

// annotation gives the annotated pairs with what a model is asked about them.
func annotation(t testing.TB) (pairs []annotated, asked []*Pair) {
	t.Helper()
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	demands, patents := map[string]*match.Demand{}, map[string]*match.Patent{}
	for i := range s.Demands {
		demands[s.Demands[i].ID] = &s.Demands[i]
	}
	for i := range s.Patents {
		patents[s.Patents[i].Number] = &s.Patents[i]
	}
	pairs = golden.Lines[annotated](t, "../explain/testdata/verdicts/pairs.jsonl")
	for _, a := range pairs {
		p := &Pair{Demand: demands[a.Demand].Texts()}
		for _, e := range a.Elements {
			p.Elements = append(p.Elements, Asked{e.Kind, e.Demand.Text})
		}
		p.Patent, p.Cut = Cut(patents[a.Patent])
		asked = append(asked, p)
	}
	return pairs, asked
}

// recorded answers with the replies that testdata/README.md tells of.
type recorded map[[sha256.Size]byte]string

func (r recorded) Ask(_ context.Context, _, data string) (chat.Answer, error) {
	reply, ok := r[sha256.Sum256([]byte(data))]
	if !ok {
		return chat.Answer{}, errors.New("no reply is recorded")
	}
	return chat.Answer{Text: reply}, nil
}

// measure reviews the annotated pairs, and compares verdicts and what they cite.
func measure(t *testing.T, by chat.Asker) string {
	t.Helper()
	pairs, asked := annotation(t)
	r := &Reviewer{Asker: by}
	var words, figures golden.Confusion
	places, agree := 0, 0
	for i, a := range pairs {
		found, err := r.Ask(t.Context(), asked[i])
		if err != nil {
			t.Fatalf("%s, %s: %v", a.Demand, a.Patent, err)
		}
		for k, e := range a.Elements {
			got := found[k].Verdict
			if got == "" { // as a reader would take it
				got = match.Missing
			}
			if e.Kind == match.QuantityElement {
				figures.Add(e.Verdict, got)
			} else {
				words.Add(e.Verdict, got)
			}
			if len(e.Patent) == 0 || len(found[k].Cites) == 0 {
				continue
			}
			places++
			meet := false
			for _, n := range found[k].Cites {
				for _, s := range e.Patent {
					q := asked[i].Patent[n]
					meet = meet || q.Field == s.Field && q.At.Start < s.End && s.Start < q.At.End
				}
			}
			if meet {
				agree++
			}
		}
	}
	all := words
	all.Join(&figures)
	u := r.Usage()
	return fmt.Sprintf("all\n%vfigures\n%vwords\n%v%d of %d places meet one of the annotation (%.3f); %d verdicts kept, %d dropped\n",
		&all, &figures, &words, agree, places, float64(agree)/float64(max(1, places)), u.Kept, u.Dropped)
}

func TestReviewsAgreeWithVerdictsByHand(t *testing.T) {
	pairs, asked := annotation(t)
	replies := map[[2]string]string{}
	for _, r := range golden.Lines[struct{ Demand, Patent, Reply string }](t, "testdata/replies.jsonl") {
		replies[[2]string{r.Demand, r.Patent}] = r.Reply
	}
	by := recorded{}
	for i, a := range pairs {
		by[sha256.Sum256([]byte(asked[i].data()))] = replies[[2]string{a.Demand, a.Patent}]
	}
	golden.Check(t, "testdata/review_stats.txt", fmt.Sprintf("Recorded replies of a large language model against the annotation, %d pairs; elements given\n%s", len(pairs), measure(t, by)), *update)
}

// TestTheAnnotationByAModelOfYours measures the chat model that the environment names.
func TestTheAnnotationByAModelOfYours(t *testing.T) {
	url := os.Getenv("DUIJIE_LLM_URL")
	if url == "" {
		t.Skip("DUIJIE_LLM_URL and DUIJIE_LLM_MODEL name no chat model")
	}
	c, err := chat.New(chat.Config{BaseURL: url, Model: os.Getenv("DUIJIE_LLM_MODEL"), Key: os.Getenv("DUIJIE_LLM_KEY"), Timeout: 5 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(os.Getenv("DUIJIE_LLM_MODEL") + "\n" + measure(t, c))
}

func TestNoTextOfTheSampleSpeaksToAModel(t *testing.T) {
	_, asked := annotation(t)
	for _, p := range asked {
		if p.suspect() {
			t.Errorf("%s is taken for one that speaks to a model", p.Demand.Title)
		}
		if strings.Contains(p.data(), `"verdict"`) {
			t.Error("a verdict is sent")
		}
	}
}
