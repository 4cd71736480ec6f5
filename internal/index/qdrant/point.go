package qdrant

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

// namespace is that of the ids, which are name-based UUIDs (RFC 9562, version 5).
var namespace = uuid.MustParse("7d0d7a5e-3f0b-5c55-9a51-1c2b6a1de9a4")

func idOf(key string) string { return uuid.NewSHA1(namespace, []byte(key)).String() }

func idsOf(keys []string) []*qdrant.PointId {
	out := make([]*qdrant.PointId, len(keys))
	for i, key := range keys {
		out[i] = qdrant.NewIDUUID(idOf(key))
	}
	return out
}

// encode gives p as it is stored. Its errors are of kind match.Invalid.
func encode(p index.Point) (*qdrant.PointStruct, error) {
	if !utf8.ValidString(p.Key) {
		return nil, match.Invalidf("key", "is not UTF-8")
	}
	payload, err := encodePayload(p.Payload)
	if err != nil {
		return nil, err
	}
	payload[keyField] = qdrant.NewValueString(p.Key)
	vectors, zero := map[string]*qdrant.Vector{}, []string{}
	for name, v := range p.Vectors {
		if isZero(v) {
			zero = append(zero, name)
		} else {
			vectors[name] = qdrant.NewVectorDense(quant.Round(v))
		}
	}
	if len(zero) > 0 {
		slices.Sort(zero)
		payload[zeroField] = stringList(zero)
	}
	return &qdrant.PointStruct{
		Id: qdrant.NewIDUUID(idOf(p.Key)), Vectors: qdrant.NewVectorsMap(vectors), Payload: payload,
	}, nil
}

func encodePayload(p match.Payload) (map[string]*qdrant.Value, error) {
	tokens, numbers := map[string]*qdrant.Value{}, map[string]*qdrant.Value{}
	for field, list := range p.Tokens {
		if _, err := path(tokensField, field); err != nil {
			return nil, err
		}
		if err := checkTokens(field, list); err != nil {
			return nil, err
		}
		tokens[field] = stringList(list)
	}
	for field, n := range p.Numbers {
		if _, err := path(numbersField, field); err != nil {
			return nil, err
		}
		if n <= -maxNumber || n >= maxNumber {
			return nil, match.Invalidf(field, fmt.Sprintf("%d is too large for Qdrant, which compares numbers as float64", n))
		}
		numbers[field] = qdrant.NewValueInt(n)
	}
	return map[string]*qdrant.Value{
		tokensField:  qdrant.NewValueFromFields(tokens),
		numbersField: qdrant.NewValueFromFields(numbers),
	}, nil
}

// decode gives key and vectors of a stored point, which becomes the caller's own.
func decode(p *qdrant.RetrievedPoint, dim int) (index.Point, error) {
	key, err := keyOf(p.GetPayload())
	if err != nil {
		return index.Point{}, err
	}
	out := index.Point{Key: key, Vectors: map[string][]float32{}}
	for name, v := range p.GetVectors().GetVectors().GetVectors() {
		out.Vectors[name] = v.GetDenseVector().GetData()
	}
	for _, name := range p.GetPayload()[zeroField].GetListValue().GetValues() {
		out.Vectors[name.GetStringValue()] = make([]float32, dim)
	}
	return out, nil
}

func keyOf(payload map[string]*qdrant.Value) (string, error) {
	key := payload[keyField].GetStringValue()
	if key == "" {
		return "", fmt.Errorf("a point without %q in its payload", keyField)
	}
	return key, nil
}

func stringList(list []string) *qdrant.Value {
	values := make([]*qdrant.Value, len(list))
	for i, s := range list {
		values[i] = qdrant.NewValueString(s)
	}
	return qdrant.NewValueFromList(values...)
}

func isZero(v []float32) bool {
	for _, x := range v {
		if x != 0 {
			return false
		}
	}
	return true
}
