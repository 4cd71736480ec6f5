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

// callID is the id of a call, and whether it was made here, so that no other call has it.
type callID struct {
	id   string
	made bool
}

func madeID() callID { return callID{newID(), true} }

// requestID is the id of the call that ctx belongs to; empty outside of a call.
func requestID(ctx context.Context) string {
	if of, _ := ctx.Value(idContext{}).(*callID); of != nil {
		return of.id
	}
	return ""
}

// idIsOurs tells whether the id of the call was made here.
func idIsOurs(ctx context.Context) bool {
	of, _ := ctx.Value(idContext{}).(*callID)
	return of != nil && of.made
}

// renewID gives the call that ctx belongs to a new id in place of the one that its client sent.
// It is for the call's handler, before it answers.
func renewID(ctx context.Context) string {
	renewed := madeID()
	if of, _ := ctx.Value(idContext{}).(*callID); of != nil {
		*of = renewed
	}
	return renewed.id
}

// identify gives a call the id that its client sent, or a new one, and the answer the id that
// the call has in the end.
func identify(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	of := sentID(ctx)
	resp, err := next(context.WithValue(ctx, idContext{}, &of), req)
	if unset := grpc.SetHeader(ctx, metadata.Pairs(idKey, of.id)); unset != nil && err == nil {
		return nil, unset
	}
	return resp, err
}

func sentID(ctx context.Context) callID {
	if sent := metadata.ValueFromIncomingContext(ctx, idKey); len(sent) > 0 {
		if id := saneID(sent[0]); id == sent[0] {
			return callID{id: id}
		}
	}
	return madeID()
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
