package bigram

import "github.com/duijie/duijie/internal/match"

// payloads keeps payloads compactly, for the rebuilding of the facets, with each
// field and token stored once.
type payloads struct {
	ids    map[fieldToken]uint32
	tokens []fieldToken
}

// fieldToken is a token of a field; the field alone, with no token, names numbers.
type fieldToken struct{ field, token string }

// storedPayload is a payload by the ids that its payloads gave. It shares no
// memory with the caller's.
type storedPayload struct {
	tokens  []uint32
	numbers []storedNumber
}

type storedNumber struct {
	field uint32
	value int64
}

func newPayloads() *payloads { return &payloads{ids: map[fieldToken]uint32{}} }

func (p *payloads) store(in match.Payload) storedPayload {
	var out storedPayload
	n := 0
	for _, tokens := range in.Tokens {
		n += len(tokens)
	}
	out.tokens = make([]uint32, 0, n)
	for field, tokens := range in.Tokens {
		for _, t := range tokens {
			out.tokens = append(out.tokens, p.intern(fieldToken{field, t}))
		}
	}
	out.numbers = make([]storedNumber, 0, len(in.Numbers))
	for field, v := range in.Numbers {
		out.numbers = append(out.numbers, storedNumber{p.intern(fieldToken{field: field}), v})
	}
	return out
}

func (p *payloads) load(in storedPayload) match.Payload {
	out := match.Payload{Tokens: map[string][]string{}, Numbers: make(map[string]int64, len(in.numbers))}
	for _, id := range in.tokens {
		t := p.tokens[id]
		out.Tokens[t.field] = append(out.Tokens[t.field], t.token)
	}
	for _, n := range in.numbers {
		out.Numbers[p.tokens[n.field].field] = n.value
	}
	return out
}

func (p *payloads) intern(t fieldToken) uint32 {
	id, ok := p.ids[t]
	if !ok {
		id = uint32(len(p.tokens))
		p.ids[t] = id
		p.tokens = append(p.tokens, t)
	}
	return id
}
