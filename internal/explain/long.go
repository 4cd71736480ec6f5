package explain

import (
	"cmp"
	"context"
	"slices"

	"github.com/duijie/duijie/internal/text"
)

// What one explanation costs is bounded, and yet every sentence of a long text can
// be shown: from coarse to fine, the sentences of a text beyond these limits are
// chosen by the words that they share with the other text, and only those are
// embedded and compared. A text of 50,000 code points is within them as a rule.
//
// Words are the coarse step, and not the vectors of passages: one sentence in a
// passage on something else hardly turns the passage's vector.
const (
	// maxSentences and maxChars (code points) are embedded of either text.
	maxSentences = 1500
	maxChars     = 60_000
	// fewSentences of the demand are compared with more than as many of the patent.
	fewSentences = 60
)

// narrow returns both sides as they are compared: a side that is too long is read anew,
// with the sentences that the other one is about.
func (e *Explainer) narrow(ctx context.Context, demand, patent *Side) (*Side, *Side, error) {
	inPatent := patent.choose(demand, maxSentences)
	most := maxSentences
	if len(inPatent) > fewSentences {
		most = fewSentences
	}
	d, err := e.narrowed(ctx, demand, demand.choose(patent, most))
	if err != nil {
		return nil, nil, err
	}
	p, err := e.narrowed(ctx, patent, inPatent)
	return d, p, err
}

// narrowed is the side with the numbered sentences read.
func (e *Explainer) narrowed(ctx context.Context, s *Side, numbers []int) (*Side, error) {
	if s.reading != nil && len(numbers) == len(s.sentences) {
		return s, nil
	}
	own := *s
	return &own, e.read(ctx, &own, numbers)
}

// choose returns the numbers of at most the given count of sentences, in order: all
// that fit, or the first, which is the title as a rule, and those that share the most
// words with the other side, earlier ones before later ones.
func (s *Side) choose(other *Side, most int) []int {
	all := make([]int, len(s.sentences))
	chars := 0
	for i, at := range s.sentences {
		all[i] = i
		chars += at.End - at.Start
	}
	if len(all) <= most && chars <= maxChars {
		return all
	}
	shared := s.sharedWords(other.words())
	slices.SortStableFunc(all[1:], func(i, j int) int { return cmp.Compare(shared[j], shared[i]) })
	chars = 0
	for n, i := range all {
		chars += s.sentences[i].End - s.sentences[i].Start
		if n == most || chars > maxChars {
			all = all[:n]
			break
		}
	}
	slices.Sort(all)
	return all
}

// words is the set of the side's terms, by their hashes.
func (s *Side) words() map[uint64]bool {
	out := map[uint64]bool{}
	for _, f := range s.fields {
		text.Each(f.source, func(term []rune, _ int) { out[text.Hash(term)] = true })
	}
	return out
}

// sharedWords counts for each sentence the distinct terms that are in the set.
func (s *Side) sharedWords(words map[uint64]bool) []int {
	out := make([]int, len(s.sentences))
	var found []uint64
	for i := range s.sentences {
		found = found[:0]
		text.Each(s.fields[s.in[i]].slice(s.sentences[i]), func(term []rune, _ int) {
			if h := text.Hash(term); words[h] && !slices.Contains(found, h) {
				found = append(found, h)
			}
		})
		out[i] = len(found)
	}
	return out
}
