// Package proto holds the definition of the service. The Go code made from it is
// committed under api/, so that only who changes a .proto file needs buf.
package proto

//go:generate go run -modfile=../internal/tools/go.mod github.com/bufbuild/buf/cmd/buf lint
//go:generate go run -modfile=../internal/tools/go.mod github.com/bufbuild/buf/cmd/buf generate
