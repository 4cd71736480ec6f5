package server

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// The name of the request's id in gRPC metadata and, as HTTP spells it, in headers.
const (
	idKey    = "x-request-id"
	idHeader = "X-Request-Id"
	maxID    = 128
)

type idContext struct{}

// requestID is the id of the call that ctx belongs to; empty outside of a call.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(idContext{}).(string)
	return id
}

// identify gives a call the id that its client sent, or a new one.
func identify(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	id := sentID(ctx)
	if err := grpc.SetHeader(ctx, metadata.Pairs(idKey, id)); err != nil {
		return nil, err
	}
	return next(context.WithValue(ctx, idContext{}, id), req)
}

func sentID(ctx context.Context) string {
	if sent := metadata.ValueFromIncomingContext(ctx, idKey); len(sent) > 0 {
		return saneID(sent[0])
	}
	return newID()
}

// saneID keeps an id that can go into logs and headers as it is. Of anything else
// it makes a UUID of version 7, which are in the order of time.
func saneID(id string) string {
	if id == "" || len(id) > maxID {
		return newID()
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return newID()
		}
	}
	return id
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
