package retrieve

import (
	"context"
	"errors"
	"math"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
)

// Role is the role in which records of a kind are embedded. It hangs on the kind,
// not on which side asks, so that a pair has one score in both directions.
func Role(k match.Kind) embed.Role {
	if k == match.DemandKind {
		return embed.Query
	}
	return embed.Document
}

// EmbeddedTexts gives the texts whose vectors are TitleVector and TextVector, in
// that order. A record without a title is compared by its body instead.
func EmbeddedTexts(t match.Texts) []string {
	title := t.Title
	if title == "" {
		title = t.Body
	}
	return []string{title, t.Full()}
}

// claimsWeight is what a patent's claims count for in its text vector, beside the
// title and the abstract with 1, however long they are:
//
//	text = v(title, abstract) + claimsWeight·v(claims), scaled to length 1
//
// Claims repeat the abstract in words that no demand uses. On the sample the rate of
// demands whose first patent is good (0.894 without claims) stays as it is up to a
// weight of 0.25 and falls to 0.879 from 0.35 on; with abstracts cut to 120
// characters 0.1 lifts it from 0.712 to 0.727. Where there is no abstract, claims
// take its place: 0.803, against 0.727 by titles alone. See
// evaluation/decisions/0004-claims-in-the-text-vector.md.
//
// Words of claims are left out of the lexical leg: it counts which of a demand's
// terms a patent has, and long claims have nearly all terms.
const claimsWeight = 0.1

// EmbedRecords embeds records of one kind and returns their vectors in the order of
// the records, rounded as an index keeps them: a pair has one score, to the bit, whichever
// of the two asks and whether it is stored. Records that the embedder refuses are in failed with the reason, by
// their index; any other error is that of the embedder and means that there are no
// vectors.
func EmbedRecords(ctx context.Context, e embed.Embedder, kind match.Kind, records []*match.Record) (vectors []rank.Vectors, failed map[int]error, err error) {
	var texts []string
	first := make([]int, len(records)+1)
	for i, r := range records {
		texts = append(texts, recordTexts(Sent(e, r))...)
		first[i+1] = len(texts)
	}
	got, err := e.Embed(ctx, Role(kind), texts)
	var partial *embed.PartialError
	if err != nil && !errors.As(err, &partial) {
		return nil, nil, err
	}
	vectors, failed = make([]rank.Vectors, len(records)), map[int]error{}
	for i := range records {
		own := got[first[i]:first[i+1]]
		if partial != nil {
			if reason := firstError(partial.Errs, first[i], first[i+1]); reason != nil {
				failed[i] = reason
				continue
			}
		}
		text := own[1]
		if len(own) == 3 {
			text = mixed(text, own[2], claimsWeight)
		}
		vectors[i] = rank.Vectors{Title: quant.Round(own[0]), Text: quant.Round(text)}
	}
	return vectors, failed, nil
}

// recordTexts gives EmbeddedTexts and, where claims stand beside an abstract, the
// claims as a third.
// Sent is a record as an embedder may see it: without what it keeps confidential, where
// that would leave the machine. Such fields then count for the words alone.
func Sent(e embed.Embedder, r *match.Record) *match.Record {
	if embed.IsRemote(e) {
		return r.Redacted()
	}
	return r
}

func recordTexts(r *match.Record) []string {
	t := r.Texts()
	if r.Kind != match.PatentKind || r.Patent.Claims == "" {
		return EmbeddedTexts(t)
	}
	if t.Body == "" {
		t.Body = r.Patent.Claims
		return EmbeddedTexts(t)
	}
	return append(EmbeddedTexts(t), r.Patent.Claims)
}

func firstError(errs map[int]error, from, to int) error {
	for i := from; i < to; i++ {
		if errs[i] != nil {
			return errs[i]
		}
	}
	return nil
}

// mixed is a + weight·b, scaled to length 1.
func mixed(a, b []float32, weight float64) []float32 {
	out, sum := make([]float32, len(a)), 0.0
	for d := range a {
		x := float64(a[d]) + weight*float64(b[d])
		out[d] = float32(x)
		sum += x * x
	}
	if sum == 0 {
		return out
	}
	length := math.Sqrt(sum)
	for d := range out {
		out[d] = float32(float64(out[d]) / length)
	}
	return out
}
