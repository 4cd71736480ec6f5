package server

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"
)

func TestOnlyIdsThatClientsSentMayBeTaken(t *testing.T) {
	for _, c := range []struct {
		name, sent string
		ours       bool
	}{
		{"none", "", true},
		{"one of the client's", "r-1", false},
		{"one that cannot be kept as it is", strings.Repeat("x", maxID+1), true},
	} {
		ctx := t.Context()
		if c.sent != "" {
			ctx = metadata.NewIncomingContext(ctx, metadata.Pairs(idKey, c.sent))
		}
		of := sentID(ctx)
		ctx = context.WithValue(ctx, idContext{}, &of)
		if got := idIsOurs(ctx); got != c.ours {
			t.Errorf("%s: the id is ours: %v, want %v", c.name, got, c.ours)
		}
		if before := requestID(ctx); renewID(ctx) == before || !idIsOurs(ctx) {
			t.Errorf("%s: a renewed id is %s, before it was %s", c.name, requestID(ctx), before)
		}
	}
}
