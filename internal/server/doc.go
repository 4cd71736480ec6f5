// Package server answers the API of Duijie: gRPC, the same calls as HTTP and JSON,
// and a port for those who watch the service.
//
//	gRPC client ──────────────────────┐
//	HTTP client ─► gateway ─ in memory ┴► interceptors ─► handler ─► catalog, engine, store
//
// The gateway is a client of the gRPC server, so a call meets the same interceptors
// whichever way it came. A handler checks what the message alone can tell, calls,
// and converts; messages and errors are turned by package wire. Writing is left to
// catalog, ranking to retrieve, keys and quotas to what is put in front.
//
// Callers rely on this: a write is answered after it is on disk; each answer carries
// the request's id, in the header x-request-id at the least; an error has the code
// of wire's table and names the field or the record; neither bodies nor headers are
// logged; a panic in a handler fails its call and nothing else.
package server
