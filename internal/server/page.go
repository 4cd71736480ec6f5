package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/duijie/duijie/internal/match"
)

// Sizes of a page of a list.
const (
	defaultPage = 50
	maxPage     = 500
	// maxPageBytes ends a page of large records early: clients of gRPC take 4 MiB
	// unless they are told otherwise.
	maxPageBytes = 3 << 20
)

// pageSize gives the number of entries wanted.
func pageSize(asked int32, ifZero, limit int) (int, error) {
	switch n := int(asked); {
	case n < 0:
		return 0, match.Invalidf("page_size", "is negative")
	case n > limit:
		return 0, match.Invalidf("page_size", "%d is above the maximum of %d", n, limit)
	case n == 0:
		return ifZero, nil
	default:
		return n, nil
	}
}

// pageToken is what a token says, as JSON in base64url. P is where the next page
// begins.
type pageToken[P any] struct {
	Version int    `json:"v"`
	Request []byte `json:"r"` // fingerprint of the request
	Place   P      `json:"p"`
}

const tokenVersion = 1

// nextPage makes a token that is good for repetitions of req alone.
func nextPage[P any](req proto.Message, place P) string {
	// Places are strings and numbers, which JSON always has a form for.
	text, _ := json.Marshal(pageToken[P]{tokenVersion, fingerprint(req), place})
	return base64.RawURLEncoding.EncodeToString(text)
}

// placeOf reads the token of a request; an empty one is the zero place.
func placeOf[P any](req proto.Message, token string) (P, error) {
	var t pageToken[P]
	if token == "" {
		return t.Place, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return t.Place, errToken
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&t); err != nil || t.Version != tokenVersion {
		return t.Place, errToken
	}
	if !bytes.Equal(t.Request, fingerprint(req)) {
		return t.Place, match.Invalidf("page_token", "belongs to a request with other parameters")
	}
	return t.Place, nil
}

var errToken = match.Invalidf("page_token", "is not a token that this service gave")

// fingerprint names what a request asks for, whatever the page: two requests with one
// fingerprint have the same ranking or list.
func fingerprint(req proto.Message) []byte {
	bare := proto.Clone(req).ProtoReflect()
	fields := bare.Descriptor().Fields()
	for _, name := range []protoreflect.Name{"page_size", "page_token", "explain"} {
		if f := fields.ByName(name); f != nil {
			bare.Clear(f)
		}
	}
	if f := fields.ByName("tenant"); f != nil && bare.Get(f).String() == match.DefaultTenant {
		bare.Clear(f)
	}
	// A request has been unmarshalled, so it can be marshalled again.
	text, _ := proto.MarshalOptions{Deterministic: true}.Marshal(bare.Interface())
	sum := sha256.Sum256(append([]byte(bare.Descriptor().FullName()+"\x00"), text...))
	return sum[:12]
}
