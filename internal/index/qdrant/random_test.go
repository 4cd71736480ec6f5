package qdrant_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/duijie/duijie/internal/match"
)

var ipc = []string{"H01M", "C08L", "A61K", "G06F 16/30"}

// randomPayload has the tenant and, at times, a few other fields.
func randomPayload(r *rand.Rand) match.Payload {
	p := match.Payload{Tokens: map[string][]string{match.FieldTenant: {"default"}}, Numbers: map[string]int64{}}
	for _, symbol := range ipc {
		if r.IntN(3) == 0 {
			p.Tokens[match.FieldIPC] = append(p.Tokens[match.FieldIPC], symbol)
		}
	}
	if r.IntN(4) > 0 {
		p.Tokens[match.FieldPool] = []string{fmt.Sprintf("专利池 %d", r.IntN(30))}
	}
	if r.IntN(3) > 0 {
		p.Numbers[match.FieldFee] = int64(r.IntN(1000))
	}
	return p
}

func randomConditions(r *rand.Rand) []match.Condition {
	low := int64(r.IntN(1000))
	all := []match.Condition{
		{Field: match.FieldTenant, AnyOf: []string{"default"}},
		{Field: match.FieldIPC, AnyOf: []string{ipc[r.IntN(4)], ipc[r.IntN(4)]}, OrAbsent: r.IntN(2) == 0},
		{Field: match.FieldIPC, NoneOf: []string{ipc[r.IntN(4)]}},
		{Field: match.FieldPool, AnyOf: []string{fmt.Sprintf("专利池 %d", r.IntN(30))}, OrAbsent: r.IntN(2) == 0},
		{Field: match.FieldFee, Min: &low, OrAbsent: r.IntN(2) == 0},
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+r.IntN(3)]
}
